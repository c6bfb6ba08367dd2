package dev.sweeprunner.program;

import dev.sweeprunner.run.Row;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands a program's rows on with growing steps: those of dead claims first, then what it logs to
 * the relay, or where it does not what else it shows. Belongs to the session's thread.
 */
final class RowTeller {
  private final Logbook book;
  private final Witness witness;
  private final States states;
  private final SessionPorts ports;
  private List<Row> inherited;

  /** The step of the newest row that was given; none before it is. */
  private long given;

  private boolean leftOut;

  RowTeller(SessionPorts ports, Witness witness, States states) {
    this.book = ports.hearing().book();
    this.witness = witness;
    this.states = states;
    this.ports = ports;
    this.inherited = ports.hearing().inherited();
    this.given = ports.hearing().from() - 1;
  }

  /** Gives what is new; says whether the run has come further by it. */
  boolean tell(Consumer<Row> rows) {
    long before = states.iter();
    inherited.forEach(row -> give(row, rows));
    inherited = List.of();
    if (book.spoken()) {
      List<Row> news = book.rows();
      // What was noticed of them comes first: an heir that finds them takes it for said.
      book.messages(ports.said(), ports.notes());
      witness.hear(news).forEach(row -> give(row, rows));
      states.come(book.told() + 1);
    } else if (!book.awaited()) {
      witness.rows().forEach(row -> give(row, rows));
      states.come(witness.newest());
    }
    return states.iter() > before;
  }

  private void give(Row row, Consumer<Row> rows) {
    if (row.step() > given) {
      given = row.step();
      rows.accept(row);
    } else if (!leftOut) {
      leftOut = true;
      ports
          .notes()
          .accept(
              "a row of step "
                  + row.step()
                  + " is left out, and each further one like it: step "
                  + given
                  + " is there already");
    }
  }
}
