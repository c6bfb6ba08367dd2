package dev.sweeprunner.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The interpreter that a script's first line asks for: what is missing where the script is there.
 */
final class Shebang {
  private static final int LONGEST = 128;

  private Shebang() {}

  /**
   * {@code ; its first line asks for /no/such}, or empty where there is no such line.
   *
   * @param word the program as it is called; one that is looked up in the PATH says nothing
   */
  static String of(Path folder, String word) {
    if (!word.contains("/")) {
      return "";
    }
    try (InputStream script = Files.newInputStream(folder.resolve(word))) {
      String start = new String(script.readNBytes(LONGEST), UTF_8);
      return start.startsWith("#!")
          ? "; its first line asks for " + start.substring(2).lines().findFirst().orElse("").strip()
          : "";
    } catch (IOException | RuntimeException none) {
      return "";
    }
  }
}
