package dev.sweeprunner.cli.shell;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.jline.JLineInputProvider;

/**
 * The prompt: Ctrl-C drops the line, Ctrl-D on an empty one ends the session, as {@code exit} does,
 * and so does a stop from outside.
 */
final class PatientInput extends JLineInputProvider {
  private final Session session;
  private final Shell.Stops stops;
  private @Nullable Thread reading;

  PatientInput(LineReader reader, Session session, Shell.Stops stops) {
    super(reader);
    this.session = session;
    this.stops = stops;
    stops.onStop(this::wake);
  }

  /**
   * The next line. The runner takes a bare {@code exit} for itself, in any case of letters: with a
   * blank before it every line goes through the one grammar.
   *
   * @throws EndOfFileException at the end of the session
   */
  @Override
  public String readInput() {
    String line = session.ended() ? "" : read();
    if (session.ended() || stops.requested()) {
      throw new EndOfFileException();
    }
    return line;
  }

  private String read() {
    if (!beginToRead()) {
      return "";
    }
    try {
      return " " + super.readInput();
    } catch (UserInterruptException dropped) {
      return "";
    } finally {
      endToRead();
    }
  }

  private synchronized boolean beginToRead() {
    reading = stops.requested() ? null : Thread.currentThread();
    return reading != null;
  }

  private synchronized void endToRead() {
    reading = null;
    Thread.interrupted(); // it was meant for the prompt, which is over
  }

  /** Only at the prompt: an interrupt would break what a command writes. */
  private synchronized void wake() {
    if (reading != null) {
      reading.interrupt();
    }
  }
}
