package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Narrator.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells W&amp;B about runs. Nothing here throws, and only {@link #announce} may keep the caller
 * waiting: what cannot be sent is kept and sent later.
 */
public interface Telemetry {
  /**
   * Announces a claim before any work on it, where other clusters can see it, and asks whether one
   * of them has the run. May wait for the settle time. Called from the worker's thread.
   *
   * @param local whether this lock directory has worked on the run, and lost it to no other cluster
   */
  Announcement announce(ClaimedRun run, boolean local);

  /**
   * Begins to tell about an announced run.
   *
   * @param safe the rows that the base checkpoint covers; the run continues with the next line
   */
  Feed begin(ClaimedRun run, Ledger safe);

  /**
   * Who has the run, as far as W&amp;B tells.
   *
   * <p>Unknown is not no: the policy decides what follows from it.
   */
  sealed interface Announcement {
    /** The run is this claim's. */
    record Ours() implements Announcement {}

    /** Another cluster has it; one sentence. */
    record Lost(String why) implements Announcement {}

    /**
     * It could not be settled: this worker was asked to stop, or W&amp;B fell silent after it had
     * shown that another cluster has or had the run; one sentence.
     */
    record Unsettled(String why) implements Announcement {}

    /** W&amp;B could not be asked, and has shown nobody else's claim; one sentence. */
    record Unknown(String why) implements Announcement {}
  }

  /** What is told about one claim. Called from the worker's thread; returns at once. */
  interface Feed extends RunListener {
    /** A row was made; no publish covers it yet. */
    void row(Row row);

    @Override
    default void row(Point point, Row row, double tokensPerSecond, @Nullable Duration left) {
      row(row);
    }

    /** A publish, or FINISH, covers all of these rows. */
    void covered(Ledger safe);

    /** A line of the run's log. */
    void line(String line);

    /** Whether the user asked this run to stop. Any thread. */
    boolean stopRequested();

    /** The run left this worker's hands; a superseded one sends nothing more. */
    void ended(Outcome outcome, String detail);

    @Override
    default void ended(Point point, Outcome outcome, String detail) {
      ended(outcome, detail);
    }
  }

  /** For workers that do not use W&amp;B. */
  Telemetry OFF = new SilentTelemetry();
}
