package dev.sweeprunner.testkit.wandb;

/** The one user of a server. */
final class Viewer {
  static final String NAME = "fake-user";

  private Viewer() {}
}
