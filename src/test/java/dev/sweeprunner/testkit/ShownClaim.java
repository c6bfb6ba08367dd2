package dev.sweeprunner.testkit;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.ReleaseReason;
import java.time.Duration;
import java.util.List;

/** A claim for those who only look at it: it says what it was told, and does nothing. */
public final class ShownClaim implements Claim {
  private final RunKey key;
  private final LogSummary summary;
  private volatile Duration sinceRenewal = Duration.ZERO;
  private volatile boolean superseded;

  /** The claim in record 3 of a run's log. */
  public ShownClaim(RunKey key, LogSummary summary) {
    this.key = key;
    this.summary = summary;
  }

  /** From now on its newest proof is so old. */
  public void renewed(Duration ago) {
    sinceRenewal = ago;
  }

  /** Whether another worker has the run from now on. */
  public void superseded(boolean now) {
    superseded = now;
  }

  @Override
  public RunKey key() {
    return key;
  }

  @Override
  public int epoch() {
    return 3;
  }

  @Override
  public LogSummary summary() {
    return summary;
  }

  @Override
  public Duration sinceRenewal() {
    return sinceRenewal;
  }

  @Override
  public boolean superseded() {
    return superseded;
  }

  @Override
  public boolean overtaken() {
    return superseded;
  }

  @Override
  public List<PublishedCheckpoint> published() {
    return List.of();
  }

  @Override
  public void progress(long iter, String phase) {}

  @Override
  public void onRenewal(Runnable told) {}

  @Override
  public boolean publish(PublishedCheckpoint checkpoint) {
    throw onlyShown();
  }

  @Override
  public boolean release(ReleaseReason reason, String detail) {
    throw onlyShown();
  }

  @Override
  public boolean fail(Failure failure) {
    throw onlyShown();
  }

  @Override
  public boolean poison(String why) {
    throw onlyShown();
  }

  @Override
  public boolean finish(Finish finish) {
    throw onlyShown();
  }

  @Override
  public void close() {}

  private static AssertionError onlyShown() {
    return new AssertionError("who looks at a claim appends nothing");
  }
}
