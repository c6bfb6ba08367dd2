package dev.sweeprunner.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Where output goes and what may be done there.
 *
 * @param out the stream
 * @param live whether a person watches it: lines may be redrawn
 * @param colours whether colours may be used
 * @param columns its width; tables fit into it
 */
public record Screen(PrintStream out, boolean live, boolean colours, int columns) {
  private static final int NARROWEST = 80;
  private static final int WIDEST = 200;
  private static final int USUAL = 100;

  /** On {@code out} nothing is printed that a terminal obeys. */
  public Screen {
    out = out instanceof PlainStream ? out : new PlainStream(out);
  }

  /** For the program's own codes, and for what is read by programs. */
  public PrintStream raw() {
    return ((PlainStream) out).raw();
  }

  /**
   * A screen by what the environment says.
   *
   * @param terminal whether {@code out} is a terminal
   * @param columns {@code $COLUMNS}, or null
   * @param noColour {@code $NO_COLOR}, or null
   */
  public static Screen of(
      PrintStream out, boolean terminal, @Nullable String columns, @Nullable String noColour) {
    boolean plain = noColour != null && !noColour.isEmpty();
    return new Screen(out, terminal, terminal && !plain, width(terminal, columns));
  }

  private static int width(boolean terminal, @Nullable String columns) {
    if (columns != null && columns.matches("\\d{1,4}")) {
      return Math.min(WIDEST, Math.max(NARROWEST, Integer.parseInt(columns)));
    }
    return terminal ? USUAL : WIDEST;
  }
}
