package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;

/** Each row follows the ones before. */
final class Onward implements Steps {
  private final Rules rules;
  private final double runtime;
  private final long delta;
  private long last;

  /**
   * Rows that follow a step.
   *
   * @param last the newest step there is, or -1
   * @param delta what is added to the client's steps
   * @param runtime what is added to the client's seconds
   */
  Onward(Rules rules, long last, long delta, double runtime) {
    this.rules = rules;
    this.last = last;
    this.delta = delta;
    this.runtime = runtime;
  }

  @Override
  public void take(Logged row, Placed placed) {
    long step = row.step() + delta;
    if (rules.follows(step, last)) {
      last = step;
      placed.own(row.at(step, runtime));
    } else {
      placed.leftOut(row);
    }
  }

  @Override
  public void end(Placed placed) {}
}
