package dev.sweeprunner.cli;

/**
 * A bar in the last line of a terminal, with messages above it; where nobody watches, only the
 * messages. Belongs to one thread.
 */
final class Bar {
  private static final String CLEAR_LINE = "\r\u001B[K";
  private static final int WIDTH = 20;

  private final Screen screen;
  private String line = "";

  Bar(Screen screen) {
    this.screen = screen;
  }

  /** Prints a message; the bar, if there is one, stays below it. */
  void above(String message) {
    screen.raw().print(line.isEmpty() ? "" : CLEAR_LINE);
    screen.raw().println(HumanFormat.plain(message));
    screen.raw().print(line);
    screen.out().flush();
  }

  /** Draws the bar anew. */
  void draw(String name, String numbers, double share) {
    int room = screen.columns() - 1;
    int done = (int) Math.round(WIDTH * Math.min(1, Math.max(0, share)));
    String drawn = "[" + "=".repeat(done) + " ".repeat(WIDTH - done) + "] ";
    String wide = drawn + numbers + "  " + name;
    line = HumanFormat.cut(HumanFormat.plain(wide), room);
    redraw();
  }

  /** Draws the bar again, as it was. */
  void redraw() {
    if (!line.isEmpty()) {
      screen.raw().print(CLEAR_LINE + line);
      screen.out().flush();
    }
  }

  /** Takes the bar away. */
  void end() {
    if (!line.isEmpty()) {
      screen.raw().print(CLEAR_LINE);
      screen.out().flush();
      line = "";
    }
  }
}
