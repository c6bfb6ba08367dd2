package dev.sweeprunner.testkit;

import dev.sweeprunner.files.LocalFiles;

/** A disk under a process that is killed before its change number so and so. */
public final class MortalFiles extends Delegating {
  private int left;

  /**
   * A disk.
   *
   * @param changes how many there will be
   */
  public MortalFiles(int changes) {
    super(new LocalFiles());
    left = changes;
  }

  @Override
  protected void change() {
    if (left-- <= 0) {
      throw new Killed();
    }
  }

  /** The end of the process. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }
}
