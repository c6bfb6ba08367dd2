package dev.sweeprunner.files;

import dev.sweeprunner.problem.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why the disk refused something: Java's own messages name a path only. */
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

  /** A few words without the path: {@code permission denied}. */
  public static String of(IOException e) {
    return Why.of(e);
  }
}
