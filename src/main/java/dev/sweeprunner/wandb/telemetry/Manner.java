package dev.sweeprunner.wandb.telemetry;

/**
 * How a run is told of.
 *
 * @param live whether it is told before a publish covers it
 * @param byProgram whether a program of the user's makes it, which may tell of it itself
 * @param dead whether its newest claim has ended
 */
record Manner(boolean live, boolean byProgram, boolean dead) {
  /** Of a run that this worker trains itself. */
  static Manner own(boolean live) {
    return new Manner(live, false, false);
  }

  /** Of a run that is in no worker's hands: what is safe. */
  static final Manner DEAD = new Manner(false, false, true);
}
