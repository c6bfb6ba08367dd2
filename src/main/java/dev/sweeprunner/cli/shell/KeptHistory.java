package dev.sweeprunner.cli.shell;

import java.io.IOException;
import org.jline.reader.impl.history.DefaultHistory;

/**
 * What was typed, kept in a file. A file that cannot be read or written keeps nothing and is no
 * matter: then it lasts as long as the session. One that is damaged is begun anew.
 */
final class KeptHistory extends DefaultHistory {
  @Override
  public void load() {
    try {
      super.load();
    } catch (IOException unreadable) {
      // It begins empty.
    } catch (IllegalArgumentException damaged) {
      beginAnew();
    }
  }

  @Override
  public void save() {
    try {
      super.save();
    } catch (IOException unwritable) {
      // It is in memory.
    }
  }

  private void beginAnew() {
    try {
      purge();
    } catch (IOException unwritable) {
      // It is tried again at the next start.
    }
  }
}
