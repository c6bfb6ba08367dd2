package dev.sweeprunner.wandb.telemetry;

import java.util.function.UnaryOperator;

/**
 * A run's card as one claim holds it: put into the outbox before anything is told of the run, and
 * marked while W&amp;B lacks something. Any thread.
 */
final class KeptCard {
  private final Outbox outbox;
  private final UnaryOperator<RunDescriptor> keep;
  private volatile RunDescriptor descriptor;
  private volatile ToldMark mark;
  private volatile boolean kept;

  /**
   * A card.
   *
   * @param kept whether it is in the outbox already
   * @param keep puts it there, and says what was put
   */
  KeptCard(
      RunDescriptor descriptor, Outbox outbox, boolean kept, UnaryOperator<RunDescriptor> keep) {
    this.outbox = outbox;
    this.keep = keep;
    this.descriptor = descriptor;
    this.mark = new ToldMark(outbox, descriptor);
    this.kept = kept;
  }

  /** What is on it. */
  RunDescriptor descriptor() {
    return descriptor;
  }

  /** Whether something may have been told of the run. */
  boolean kept() {
    return kept;
  }

  /** Puts it into the outbox unless it is there. */
  void keep() {
    if (!kept) {
      descriptor = keep.apply(descriptor);
      mark = new ToldMark(outbox, descriptor);
      kept = true;
    }
  }

  /** W&amp;B had so many rows, and lacks something. */
  void lacking(long rows) {
    if (kept) {
      mark.set(rows);
    }
  }

  /** W&amp;B lacks nothing. */
  void whole() {
    mark.clear();
  }
}
