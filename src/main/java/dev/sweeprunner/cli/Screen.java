package dev.sweeprunner.cli;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where output goes and what may be done there.
 *
 * @param out the stream
 * @param live whether a person watches it: lines may be redrawn
 * @param colours whether colours may be used
 * @param width says how wide it is now
 */
public record Screen(PrintStream out, boolean live, boolean colours, IntSupplier width) {
  private static final int NARROWEST = 40;

  /** On {@code out} nothing is printed that a terminal obeys. */
  public Screen {
    out = out instanceof PlainStream ? out : new PlainStream(out);
  }

  /** A screen that stays as wide as it is. */
  public Screen(PrintStream out, boolean live, boolean colours, int columns) {
    this(out, live, colours, () -> columns);
  }

  /** Its width now; tables fit into it. */
  public int columns() {
    return Math.max(NARROWEST, width.getAsInt());
  }

  /** For the program's own codes, and for what is read by programs. */
  public PrintStream raw() {
    return ((PlainStream) out).raw();
  }

  /**
   * A screen by what the environment says.
   *
   * @param terminal whether {@code out} is a terminal
   * @param width says how wide {@code out} is now
   * @param noColour {@code $NO_COLOR}, or null
   */
  public static Screen of(
      PrintStream out, boolean terminal, IntSupplier width, @Nullable String noColour) {
    boolean plain = noColour != null && !noColour.isEmpty();
    return new Screen(out, terminal, terminal && !plain, width);
  }
}
