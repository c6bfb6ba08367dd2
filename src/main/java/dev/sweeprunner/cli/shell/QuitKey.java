package dev.sweeprunner.cli.shell;

import java.io.IOException;
import java.util.function.Supplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;

/**
 * Leaves what is drawn again and again by {@code q}: while it goes on, keys come one by one and are
 * not shown. Ctrl-C means what it always does.
 */
final class QuitKey {
  private static final long LOOK_EVERY_MILLIS = 100;

  private final Terminal terminal;
  private final Shell.Stops stops;
  private volatile boolean over;

  QuitKey(Terminal terminal, Shell.Stops stops) {
    this.terminal = terminal;
    this.stops = stops;
  }

  /** Does it, until it has ended by itself or by a key. */
  <T> T during(Supplier<T> drawing) {
    Attributes before = terminal.enterRawMode();
    Thread keys = new Thread(this::read, "quit-key");
    keys.setDaemon(true);
    over = false;
    keys.start();
    try {
      return drawing.get();
    } finally {
      over = true;
      join(keys);
      terminal.setAttributes(before);
    }
  }

  private void read() {
    try {
      int key = 0;
      while (!over && key != 'q' && key != 'Q' && key != -1) {
        key = terminal.reader().read(LOOK_EVERY_MILLIS);
      }
      if (!over) {
        stops.endLine();
      }
    } catch (IOException closed) {
      // Without its terminal nobody presses a key.
    }
  }

  /** It looks ten times a second; who is to stop does not wait for it. */
  private static void join(Thread keys) {
    try {
      keys.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
