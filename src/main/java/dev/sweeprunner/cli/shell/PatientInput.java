package dev.sweeprunner.cli.shell;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.springframework.shell.jline.JLineInputProvider;

/** The prompt: Ctrl-C drops the line, Ctrl-D on an empty one ends the session, as exit does. */
final class PatientInput extends JLineInputProvider {
  private final Session session;
  private final Shell.Stops stops;

  PatientInput(LineReader reader, Session session, Shell.Stops stops) {
    super(reader);
    this.session = session;
    this.stops = stops;
  }

  /**
   * The next line. The runner takes a bare {@code exit} for itself, in any case of letters: with a
   * blank before it every line goes through the one grammar.
   *
   * @throws EndOfFileException at the end of the session
   */
  @Override
  public String readInput() {
    if (session.ended() || stops.requested()) {
      throw new EndOfFileException();
    }
    try {
      return " " + super.readInput();
    } catch (UserInterruptException dropped) {
      return "";
    }
  }
}
