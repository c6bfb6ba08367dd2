package dev.sweeprunner.wandb.offline;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A run as a {@code .wandb} file for the official {@code wandb sync}.
 *
 * <p>The file appears whole or not at all: it is written and fsynced under a temporary name that
 * {@code wandb sync} does not look for, then renamed. A crash leaves at most that temporary file,
 * which the next write into the folder removes. Any thread; of two writers of one run the later
 * rename stays, so writing is for whoever holds the run.
 */
public final class OfflineFile {
  private OfflineFile() {}

  /**
   * Writes {@code folder/run-{runId}.wandb}, over an older one, and makes it durable.
   *
   * @param folder made if missing. {@code wandb sync} finds it by itself if it lies in a folder
   *     {@code wandb} and its name begins with {@code offline-}
   * @param token a file name that no other writer uses, such as the claim's token
   * @param content gives rows and lines one by one; its exceptions leave the older file in place
   * @return the file
   */
  public static Path write(
      FileSystem files, Path folder, String token, OfflineRun run, Content content)
      throws IOException {
    Path file = folder.resolve("run-" + run.runId() + ".wandb");
    Path temp = folder.resolve(FileSystem.TEMP_PREFIX + token);
    files.makeFolders(folder);
    files.create(
        temp,
        out -> {
          OfflineRecords records = new OfflineRecords(out, run);
          content.writeTo(records);
          records.close();
        });
    files.rename(temp, file);
    files.syncFolder(folder);
    removeTemps(files, folder);
    return file;
  }

  private static void removeTemps(FileSystem files, Path folder) throws IOException {
    for (String name : files.list(folder)) {
      if (name.startsWith(FileSystem.TEMP_PREFIX)) {
        files.delete(folder.resolve(name));
      }
    }
  }

  /** Gives a file its records. */
  public interface Content {
    /** Writes rows and lines, and the exit if the run has ended. */
    void writeTo(OfflineRecords records) throws IOException;
  }
}
