package dev.sweeprunner.slurm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Slurm 22.05 printed, and programs that print it again. */
final class Recorded {
  private Recorded() {}

  /** The text of one recording. */
  static String text(String name) {
    try (InputStream in = Recorded.class.getResourceAsStream("/slurm/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no recording " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a file with this recording beside the programs; its path as a shell word. */
  static String file(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text(name));
    return "'" + file + "'";
  }

  /** A line of squeue as it prints it. */
  static String line(String array, String index, String raw, String state, int restarts) {
    return line(array, index, raw, state, restarts, "1:00:00", "5:00", "None");
  }

  /** As above, with its times and its reason. */
  static String line(
      String array,
      String index,
      String raw,
      String state,
      int restarts,
      String left,
      String used,
      String reason) {
    return String.format(
        "%-24s%-24s%-24s%-24s%-16d%-24s%-24s%-96s%-64s%-128s%n",
        array, index, raw, state, restarts, left, used, reason, "gpu", "sweep");
  }

  /** The heading above the lines with the exit code and the name of each task. */
  static String tasks(String exit, String name) {
    return heading().substring(0, 256) + String.format("%-16s%-128s%n", exit, name);
  }

  /** Such a line. */
  static String task(
      String array, String index, String state, String reason, String exit, String name) {
    return line(array, index, "99", state, 0, "1:00:00", "5:00", reason).substring(0, 256)
        + String.format("%-16s%-128s%n", exit, name);
  }

  /** A text without some columns of each line. */
  static String without(String text, int from, int width) {
    StringBuilder rest = new StringBuilder();
    text.lines()
        .forEach(line -> rest.append(line, 0, from).append(line.substring(from + width) + "\n"));
    return rest.toString();
  }

  /** The heading above the lines. */
  static String heading() {
    return text("squeue.txt").lines().findFirst().orElseThrow() + "\n";
  }
}
