package dev.sweeprunner.testkit;

import dev.sweeprunner.run.Narrator;

/** Says nothing. */
public final class SilentNarrator implements Narrator {
  @Override
  public void say(String news) {}
}
