package dev.sweeprunner.cli.shell;

/** Nobody stops it. */
final class NeverStops implements Shell.Stops {
  @Override
  public boolean requested() {
    return false;
  }

  @Override
  public void onStop(Runnable callback) {}

  @Override
  public void endLine() {}
}
