package dev.sweeprunner.cli;

import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where output goes and what may be done there.
 *
 * @param out the stream
 * @param live whether a person watches it: lines may be redrawn
 * @param colours whether colours may be used
 * @param width says how wide it is now
 * @param height says how many lines it has now
 */
public record Screen(
    PrintStream out, boolean live, boolean colours, IntSupplier width, IntSupplier height) {
  private static final int NARROWEST = 40;
  private static final String HOME = "\u001B[H";
  private static final String END_OF_LINE = "\u001B[K\n";
  private static final String REST = "\u001B[J";
  private static final int ENDLESS = Integer.MAX_VALUE;

  /** On {@code out} nothing is printed that a terminal obeys. */
  public Screen {
    out = out instanceof PlainStream ? out : new PlainStream(out);
  }

  /** A screen that stays as wide as it is. */
  public Screen(PrintStream out, boolean live, boolean colours, int columns) {
    this(out, live, colours, () -> columns, () -> ENDLESS);
  }

  /** The same with or without colours, as a command line says; else as it is. */
  public Screen coloured(Invocation invocation) {
    boolean wanted =
        switch (invocation.text(Option.COLOR).orElse("auto")) {
          case "always" -> true;
          case "never" -> false;
          default -> colours;
        };
    return new Screen(out, live, wanted, width, height);
  }

  /**
   * Puts a text in place of what is on the terminal: each line over the old one, so that nothing
   * flickers. Of a text with more lines than it has, the paragraph at the end stays whole, and
   * lines before it are left out.
   */
  public void redraw(String text) {
    StringBuilder frame = new StringBuilder(HOME);
    fitting(text.lines().toList()).forEach(line -> frame.append(line).append(END_OF_LINE));
    raw().print(frame + REST);
    raw().flush();
  }

  private List<String> fitting(List<String> lines) {
    int room = Math.max(2, height.getAsInt() - 1);
    if (lines.size() <= room) {
      return lines;
    }
    int last = lines.size() - lines.lastIndexOf("");
    int kept = Math.min(last, room / 2);
    int head = room - 1 - kept;
    String out = "(" + (lines.size() - head - kept) + " more lines than this terminal has)";
    List<String> fitting = new ArrayList<>(lines.subList(0, head));
    fitting.add(HumanFormat.cut(out, columns()));
    fitting.addAll(lines.subList(lines.size() - last, lines.size() - last + kept));
    return fitting;
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
   * @param height says how many lines it has now
   * @param noColour {@code $NO_COLOR}, or null
   */
  public static Screen of(
      PrintStream out,
      boolean terminal,
      IntSupplier width,
      IntSupplier height,
      @Nullable String noColour) {
    boolean plain = noColour != null && !noColour.isEmpty();
    return new Screen(out, terminal, terminal && !plain, width, height);
  }
}
