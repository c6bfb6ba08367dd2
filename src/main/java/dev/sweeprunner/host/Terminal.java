package dev.sweeprunner.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where standard output goes.
 *
 * @param interactive whether it is a terminal that can move its cursor
 * @param width columns of a line
 */
public record Terminal(boolean interactive, int width) {
  private static final int USUAL_WIDTH = 100;
  private static final int NARROWEST = 20;

  /** Looks at this process's standard output; the width is {@code $COLUMNS} or 100. */
  public static Terminal of(Environment environment) {
    boolean dumb = environment.variable("TERM").map("dumb"::equals).orElse(true);
    return new Terminal(!dumb && isTerminal(Path.of("/proc/self/fd/1")), width(environment));
  }

  /** Whether standard input is a terminal: a person may be asked. */
  public static boolean ofInput() {
    return isTerminal(Path.of("/proc/self/fd/0"));
  }

  static boolean isTerminal(Path descriptor) {
    try {
      var target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException elsewhere) {
      return false;
    }
  }

  private static int width(Environment environment) {
    try {
      int columns = Integer.parseInt(environment.variable("COLUMNS").orElse("").strip());
      return columns >= NARROWEST ? columns : USUAL_WIDTH;
    } catch (NumberFormatException unset) {
      return USUAL_WIDTH;
    }
  }
}
