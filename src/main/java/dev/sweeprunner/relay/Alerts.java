package dev.sweeprunner.relay;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.relay.rows.Book;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.TrackedAlert;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * What the program of one life wants people to be told: kept for W&amp;B, and said here too, for
 * who has no account. Bounded. Any thread.
 */
final class Alerts {
  /** Letters of one: a message, not a report. */
  private static final int LONGEST = 1 << 16;

  /** Letters of all: more than anybody reads. */
  private static final long MOST = 16 << 20;

  private static final int SHOWN = 500;

  private final Consumer<String> said;
  private long taken;

  /**
   * None yet.
   *
   * @param said tells the user and the run's log, each sentence once
   */
  Alerts(Consumer<String> said) {
    this.said = said;
  }

  /**
   * Takes one; when this returns it is in the book.
   *
   * @throws NotKept if it is not taken, now or later
   */
  void take(Operation asked, Book book) throws IOException {
    TrackedAlert alert = alert(asked);
    count(alert.title().length() + alert.text().length());
    book.alert(alert);
    said.accept(sentence(alert));
  }

  private static TrackedAlert alert(Operation asked) throws NotKept {
    try {
      return TrackedAlert.of(new Fields(asked.input()));
    } catch (UnreadableJson e) {
      throw new NotKept("An alert of its program is not kept: " + e.getMessage() + ".");
    }
  }

  private synchronized void count(int letters) throws NotKept {
    if (letters > LONGEST) {
      throw new NotKept(
          "An alert of its program is not kept: it has more than " + LONGEST + " letters.");
    }
    if (taken + letters > MOST) {
      throw new NotKept(
          "Alerts of its program are not kept any more: they have more than "
              + (MOST >> 20)
              + " Mi letters.");
    }
    taken += letters;
  }

  private static String sentence(TrackedAlert alert) {
    String severity = alert.severity() == null ? "INFO" : alert.severity();
    String whole = Journal.ALERT + "(" + severity + "): " + alert.title() + ": " + alert.text();
    String line = whole.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  /** An alert is not taken; the message is one sentence for the user. */
  static final class NotKept extends IOException {
    private static final long serialVersionUID = 1L;

    NotKept(String sentence) {
      super(sentence);
    }
  }
}
