package dev.sweeprunner.wandb.api;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts what clients of one process ask W&amp;B, and how long it takes to answer. Any thread. */
public final class Traffic {
  private final LongSupplier nanos;
  private final LongAdder answered = new LongAdder();
  private final LongAdder took = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder again = new LongAdder();

  /**
   * Nothing asked yet.
   *
   * @param nanos a clock that only runs forward
   */
  public Traffic(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Requests that were answered with a success. */
  public long answered() {
    return answered.sum();
  }

  /** How long those took in all, each from its first byte to the last one of its answer. */
  public Duration took() {
    return Duration.ofNanos(took.sum());
  }

  /** Requests that were refused, or not answered. */
  public long failed() {
    return failed.sum();
  }

  /** Requests that were made again after a failure. */
  public long again() {
    return again.sum();
  }

  /** A request begins: what {@link #answer} wants to know. */
  long begin() {
    return nanos.getAsLong();
  }

  void answer(long began) {
    answered.increment();
    took.add(nanos.getAsLong() - began);
  }

  void failure() {
    failed.increment();
  }

  void retry() {
    again.increment();
  }
}
