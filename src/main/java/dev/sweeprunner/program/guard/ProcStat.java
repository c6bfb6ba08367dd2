package dev.sweeprunner.program.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process as {@code /proc/PID/stat} shows it.
 *
 * @param name of what runs, at most 15 letters
 * @param ended whether only its exit code is left
 * @param parent number of its parent
 * @param began clock ticks since the boot
 */
record ProcStat(String name, boolean ended, long parent, String began) {
  private static final int BEGAN = 19;

  /** Reads a file of {@code /proc}, also in an interrupted thread, where a channel would not. */
  static String text(Path file) throws IOException {
    try (var in = new FileInputStream(file.toFile())) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  /** Reads it; null if the process is gone. */
  static @Nullable ProcStat read(Path process) {
    try {
      String text = text(process.resolve("stat"));
      // The name may hold anything, so what counts begins after the last parenthesis.
      int end = text.lastIndexOf(')');
      String[] fields = text.substring(end + 2).trim().split(" ");
      String name = text.substring(text.indexOf('(') + 1, end);
      boolean ended = "ZXx".contains(fields[0]);
      return new ProcStat(name, ended, Long.parseLong(fields[1]), fields[BEGAN]);
    } catch (IOException | IndexOutOfBoundsException gone) {
      return null;
    }
  }
}
