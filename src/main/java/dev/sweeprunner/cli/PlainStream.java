package dev.sweeprunner.cli;

import java.io.PrintStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Prints text for people: what a terminal would obey, from a name or a reason of somebody else's,
 * is shown instead. Only the line feeds between lines pass. As safe for threads as what lies below.
 */
public final class PlainStream extends PrintStream {
  private final PrintStream raw;

  /** Prints on {@code raw}. */
  public PlainStream(PrintStream raw) {
    super(raw, true);
    this.raw = raw;
  }

  /** Where the program's own codes go, and what is not for people. */
  PrintStream raw() {
    return raw;
  }

  @Override
  public void print(@Nullable Object shown) {
    print(String.valueOf(shown));
  }

  @Override
  public void print(@Nullable String text) {
    raw.print(
        String.join(
            "\n",
            Arrays.stream(String.valueOf(text).split("\n", -1)).map(HumanFormat::plain).toList()));
  }
}
