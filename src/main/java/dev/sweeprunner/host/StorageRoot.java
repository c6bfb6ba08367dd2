package dev.sweeprunner.host;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Pause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Makes sure, before anything is looked at or claimed, that the storage root can be used. */
public final class StorageRoot {
  private static final int HASH = 8;
  private static final long FOR_RECORDS = 1 << 20;

  private final FileSystem files;
  private final Path root;
  private final Path folder;

  /**
   * Makes sure that nothing but a folder stands where the runs are looked for.
   *
   * @throws UserError otherwise
   */
  public static void check(Path... folders) {
    for (Path folder : folders) {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw new UserError(
            folder.toString(), "the storage root is no folder", "Name one with --storage");
      }
    }
  }

  /** Eight characters that are the same however a root's path is written, symlinks or not. */
  public static String hash(Path root) {
    return Sha256.of(real(root).toString()).substring(0, HASH);
  }

  /** As far as it exists: the first call may come before the first worker. */
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException notThereYet) {
      Path parent = folder.getParent();
      return parent == null ? folder : real(parent).resolve(folder.getFileName());
    }
  }

  /**
   * A root that nobody has looked at yet.
   *
   * @param folder in it, made where it is not there, in which a small file is tried
   */
  public StorageRoot(FileSystem files, Path root, Path folder) {
    this.files = files;
    this.root = root;
    this.folder = folder;
  }

  /**
   * Creates the folder and writes and removes a small file in it.
   *
   * @param pause between tries
   * @throws UserError if that fails, naming the root and the reason
   */
  public void prepare(Pause pause) {
    try {
      pause.retrying(this::probe);
    } catch (IOException e) {
      throw new UserError(
          root.toString(),
          "the storage root cannot be written (" + Why.at(e) + ")",
          "Free space, correct its permissions, or name another with --storage");
    }
  }

  /** Why a small file cannot be written there, or empty; any thread. */
  public Optional<String> complaint() {
    try {
      probe();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(Why.at(e));
    }
  }

  private boolean probe() throws IOException {
    Path probe = folder.resolve(FileSystem.TEMP_PREFIX + UUID.randomUUID());
    try {
      files.makeFolders(folder);
      files.create(probe, "probe".getBytes(StandardCharsets.UTF_8));
      files.delete(probe);
      return true;
    } catch (IOException e) {
      deleteQuietly(probe);
      throw e;
    }
  }

  /**
   * Why so many bytes, and a little for records beside them, cannot be written there now, or empty;
   * any thread.
   */
  public Optional<String> lacking(long bytes) {
    try {
      long free = files.freeBytes(folder);
      if (free < bytes + FOR_RECORDS) {
        return Optional.of(free + " bytes are free, and " + (bytes + FOR_RECORDS) + " are needed");
      }
    } catch (IOException unknown) {
      return Optional.of(Why.at(unknown));
    }
    return complaint();
  }

  private void deleteQuietly(Path probe) {
    try {
      files.delete(probe);
    } catch (IOException litter) {
      return; // swept with other temporary files later
    }
  }
}
