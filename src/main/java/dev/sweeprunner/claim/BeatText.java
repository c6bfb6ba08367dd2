package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The content of a beat: a count that grows with each, and where the work stands. Always 96 bytes,
 * so that overwriting leaves nothing of the one before.
 *
 * @param count beats of this claim so far
 * @param iter completed updates
 * @param phase what it is doing, one word
 */
record BeatText(long count, long iter, String phase) {
  private static final int LENGTH = 96;

  byte[] bytes() {
    byte[] line =
        (count + " " + iter + " " + phase.replace('\n', ' ')).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(line, LENGTH);
    if (line.length < LENGTH) {
      Arrays.fill(padded, line.length, LENGTH, (byte) ' ');
    }
    padded[LENGTH - 1] = '\n';
    return padded;
  }

  /** A beat as it stands in its file. */
  static BeatText read(FileSystem files, Path beat) throws IOException {
    return parse(new String(files.read(beat), StandardCharsets.UTF_8));
  }

  /** What can be made of it; anything unreadable is iteration -1 in an unnamed phase. */
  static BeatText parse(String content) {
    String[] words = content.strip().split(" ", 3);
    try {
      return new BeatText(
          Long.parseLong(words[0]),
          words.length > 1 ? Long.parseLong(words[1]) : -1,
          words.length > 2 ? words[2].strip() : "");
    } catch (NumberFormatException e) {
      return new BeatText(0, -1, "");
    }
  }
}
