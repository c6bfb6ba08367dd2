package dev.sweeprunner.wandb;

/** A check that was asked to stop. */
final class Halted extends Exception {
  private static final long serialVersionUID = 1L;

  Halted(String why) {
    super(why);
  }
}
