package dev.sweeprunner.testkit;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A journal of which a test tells the newest rows; it can only be read. */
public final class ToldJournal implements Journal {
  private final List<String> remarks = new ArrayList<>();
  private final Map<String, Row> newest = new HashMap<>();
  private final Map<String, Goal> goals = new HashMap<>();
  private final Map<String, String> commands = new HashMap<>();

  /** From now on {@link #newest} says this. */
  public ToldJournal tell(RunKey key, Row row) {
    newest.put(key.runId(), row);
    return this;
  }

  /** From now on {@link #goal} says this. */
  public ToldJournal tell(RunKey key, Goal goal) {
    goals.put(key.runId(), goal);
    return this;
  }

  /** From now on {@link #command} says this of every claim of the run. */
  public ToldJournal tell(RunKey key, String command) {
    commands.put(key.runId(), command);
    return this;
  }

  @Override
  public RunJournal open(Point point, int epoch, long base) {
    throw new AssertionError("nothing here may write a journal");
  }

  @Override
  public void conclude(RunKey key, Finish finish) {
    throw new AssertionError("nothing here may conclude a journal");
  }

  @Override
  public Optional<Row> newest(RunKey key, int epoch) {
    return Optional.ofNullable(newest.get(key.runId()));
  }

  @Override
  public Ledger ledger(RunKey key, List<PublishedCheckpoint> lineage) {
    return Ledger.EMPTY;
  }

  @Override
  public Ledger ledger(RunKey key, Finish finish) {
    return Ledger.EMPTY;
  }

  @Override
  public Optional<String> damage(RunKey key, PublishedCheckpoint published) {
    return Optional.empty();
  }

  @Override
  public boolean restore(RunKey key, PublishedCheckpoint published) {
    throw new AssertionError("nothing here may restore a journal");
  }

  @Override
  public Optional<Goal> goal(RunKey key) {
    return Optional.ofNullable(goals.get(key.runId()));
  }

  /** What the relay has noticed about every run. */
  public void remark(String said) {
    remarks.add(said);
  }

  @Override
  public List<String> remarks(RunKey key) {
    return List.copyOf(remarks);
  }

  @Override
  public Optional<String> command(RunKey key, int epoch) {
    return Optional.ofNullable(commands.get(key.runId()));
  }
}
