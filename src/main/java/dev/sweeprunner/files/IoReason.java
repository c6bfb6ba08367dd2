package dev.sweeprunner.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a failure to read says of a file; {@link dev.sweeprunner.problem.Why} says it in words. */
public final class IoReason {
  private IoReason() {}

  /**
   * Whether a file could not be read since there is none: nothing at all, or a folder in its place,
   * or a file in the place of one of its folders. Any other failure says nothing about it.
   */
  public static boolean noFile(Path file, IOException e) {
    if (e instanceof NoSuchFileException || Files.isDirectory(file)) {
      return true;
    }
    for (Path above = file.getParent(); above != null; above = above.getParent()) {
      if (Files.isRegularFile(above)) {
        return true;
      }
    }
    return false;
  }
}
