package dev.sweeprunner.relay;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.ReleaseReason;
import java.time.Duration;
import java.util.List;

/** A claim that only says whose run it is: the relay asks for no more. */
record NamedClaim(RunKey key, int epoch) implements Claim {
  @Override
  public LogSummary summary() {
    throw notAsked();
  }

  @Override
  public List<PublishedCheckpoint> published() {
    throw notAsked();
  }

  @Override
  public void progress(long iter, String phase) {
    throw notAsked();
  }

  @Override
  public void onRenewal(Runnable told) {
    throw notAsked();
  }

  @Override
  public Duration sinceRenewal() {
    throw notAsked();
  }

  @Override
  public boolean superseded() {
    throw notAsked();
  }

  @Override
  public boolean overtaken() {
    throw notAsked();
  }

  @Override
  public boolean publish(PublishedCheckpoint checkpoint) {
    throw notAsked();
  }

  @Override
  public boolean release(ReleaseReason reason, String detail) {
    throw notAsked();
  }

  @Override
  public boolean fail(Failure failure) {
    throw notAsked();
  }

  @Override
  public boolean poison(String why) {
    throw notAsked();
  }

  @Override
  public boolean finish(Finish finish) {
    throw notAsked();
  }

  @Override
  public void close() {
    throw notAsked();
  }

  private static AssertionError notAsked() {
    return new AssertionError("the relay has nothing to do with claims");
  }
}
