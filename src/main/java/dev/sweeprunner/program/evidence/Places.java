package dev.sweeprunner.program.evidence;

import java.nio.file.Path;

/**
 * Where a program leaves what it writes.
 *
 * @param outDir the folder that it was told as {@code OUT_DIR}
 * @param cwd its working folder
 */
public record Places(Path outDir, Path cwd) {
  /** Which of the two relative names begin at. */
  public enum Root {
    /** {@code OUT_DIR}: this run's alone. */
    OUT_DIR,
    /** The working folder, which other points may use too. */
    CWD
  }

  Path of(Root root) {
    return root == Root.OUT_DIR ? outDir : cwd;
  }
}
