package dev.sweeprunner.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a folder that everybody on a host could have made was made by this user: only then is
 * what lies in it believed.
 */
public final class OwnFolder {
  private OwnFolder() {}

  /** Whether this process's user owns the folder; a missing one throws. */
  public static boolean is(Path folder) throws IOException {
    return Files.getOwner(folder).equals(Files.getOwner(Path.of("/proc/self")));
  }
}
