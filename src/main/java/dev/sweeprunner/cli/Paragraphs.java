package dev.sweeprunner.cli;

import java.util.List;

/** Prints text that fits a screen. */
final class Paragraphs {
  private static final int HANGING = 2;

  private final Screen screen;

  Paragraphs(Screen screen) {
    this.screen = screen;
  }

  /** One line as it is. */
  void line(String text) {
    screen.out().println(HumanFormat.plain(text));
  }

  /** A fixed head and a tail that is cut where the line is full. */
  void line(String head, String tail) {
    int room = Math.max(0, screen.columns() - head.length());
    screen.out().println((head + HumanFormat.cut(HumanFormat.plain(tail), room)).stripTrailing());
  }

  /** An empty line. */
  void blank() {
    screen.out().println();
  }

  /** A paragraph, its later lines further in than its first. */
  void indented(int indent, String text) {
    String margin = " ".repeat(indent);
    for (String line : HumanFormat.wrap(text, screen.columns() - indent - HANGING)) {
      screen.out().println(margin + line);
      margin = " ".repeat(indent + HANGING);
    }
  }

  /** A name at the left and a paragraph beside it. */
  void named(int width, String name, String text) {
    List<String> lines = HumanFormat.wrap(text, screen.columns() - width);
    String margin = name + " ".repeat(Math.max(1, width - name.length()));
    for (String line : lines) {
      screen.out().println((margin + line).stripTrailing());
      margin = " ".repeat(width);
    }
  }
}
