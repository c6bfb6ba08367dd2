package dev.sweeprunner.testkit;

import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Telemetry;
import java.util.ArrayList;
import java.util.List;

/** Answers as it was told and remembers what it heard. */
public final class HeardTelemetry implements Telemetry {
  /** The answer to every announcement. */
  public Announcement answer = new Announcement.Ours();

  /** Rows after which the user presses Stop; never, if negative. */
  public int stopAfter = -1;

  /** Runs that were announced. */
  public final List<String> announced = new ArrayList<>();

  /** Whether each of them was said to be of this lock directory. */
  public final List<Boolean> local = new ArrayList<>();

  /** Lines that were safe when each claim began. */
  public final List<Long> begunWith = new ArrayList<>();

  /** Every row. */
  public final List<Row> rows = new ArrayList<>();

  /** Every ledger. */
  public final List<Ledger> covered = new ArrayList<>();

  /** Every line. */
  public final List<String> lines = new ArrayList<>();

  /** How each claim ended. */
  public final List<Outcome> outcomes = new ArrayList<>();

  @Override
  public Announcement announce(ClaimedRun run, boolean ofThisDirectory) {
    local.add(ofThisDirectory);
    announced.add(run.point().runId());
    return answer;
  }

  @Override
  public Feed begin(ClaimedRun run, Ledger safe) {
    begunWith.add(safe.lines());
    return new Feed() {
      @Override
      public void row(Row row) {
        rows.add(row);
      }

      @Override
      public void covered(Ledger ledger) {
        covered.add(ledger);
      }

      @Override
      public void line(String line) {
        lines.add(line);
      }

      @Override
      public boolean stopRequested() {
        return stopAfter >= 0 && rows.size() >= stopAfter;
      }

      @Override
      public void ended(Outcome outcome, String detail) {
        outcomes.add(outcome);
      }
    };
  }
}
