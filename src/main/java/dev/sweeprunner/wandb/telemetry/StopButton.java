package dev.sweeprunner.wandb.telemetry;

/**
 * The Stop button of a run, as W&amp;B's answers show it. One that was pressed before this claim
 * began was answered then, by holding the run. Belongs to one thread but for {@link #pressed}.
 */
final class StopButton {
  private volatile boolean pressed;
  private boolean before;

  /** Whether it was pressed since this claim began. Any thread. */
  boolean pressed() {
    return pressed;
  }

  /** How it is found when the claim first looks. */
  void found(boolean stopped) {
    before = stopped;
  }

  /** What an answer to a post says. */
  void answered(boolean stopped) {
    if (!stopped) {
      before = false;
    } else if (!before) {
      pressed = true;
    }
  }
}
