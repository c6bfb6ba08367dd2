package dev.sweeprunner.program.guard;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What to start.
 *
 * @param argv the program's words as exec gets them; the first is looked up in its own PATH
 * @param environment all of its variables; {@link Kin#MARK} is added
 * @param folder its working directory
 * @param token of the claim it belongs to: letters, digits and {@code ._:/@+=-}
 * @param lease how long it may go on without a renewal: at least a second, or zero for a program
 *     that nobody guards, in tests that prove what the guard is for
 */
public record Order(
    List<String> argv, Map<String, String> environment, Path folder, String token, Duration lease) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._:/@+=-]+");

  /** Copies the collections. */
  public Order {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a program without a word");
    }
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException("a token with odd letters: " + token);
    }
  }
}
