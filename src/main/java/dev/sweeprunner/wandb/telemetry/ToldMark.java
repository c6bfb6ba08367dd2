package dev.sweeprunner.wandb.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * What a run's card says while W&amp;B does not take its rows: how many it had, for whoever looks
 * meanwhile or after this process. Written once when they stop, and once when they are there. Any
 * thread.
 */
final class ToldMark {
  private final Outbox outbox;
  private final RunDescriptor descriptor;
  private @Nullable Long told;

  /** The mark on this card, as it was found. */
  ToldMark(Outbox outbox, RunDescriptor descriptor) {
    this.outbox = outbox;
    this.descriptor = descriptor;
    this.told = descriptor.told();
  }

  /** W&amp;B had so many rows, and lacks something. */
  synchronized void set(long rows) {
    if (told == null) {
      told = rows;
      outbox.told(descriptor, rows);
    }
  }

  /** W&amp;B lacks nothing. */
  synchronized void clear() {
    if (told != null) {
      told = null;
      outbox.told(descriptor, null);
    }
  }
}
