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
 *
 * <p>One file holds all rows of a run, and is best written once, when the run has ended. sync
 * (0.30.0) appends a file's rows behind those that the server has, whatever their steps, and puts
 * config, summary and console in the place of what was there. So a second file of a run, synced
 * after the first, must bring later rows only; and a file that was synced is marked by {@code
 * run-{runId}.wandb.synced} beside it and never looked at again, even if it is replaced.
 */
public final class OfflineFile {
  private static final String SUFFIX = ".wandb";

  private OfflineFile() {}

  /**
   * Writes {@code folder/run-{runId}.wandb}, over an older one, and makes it durable.
   *
   * @param folder made if missing. {@code wandb sync} finds it by itself if it lies in a folder
   *     {@code wandb} and its name begins with {@code offline-}
   * @param token part of a file name that no other writer uses, such as the claim's token; must not
   *     end in {@code .wandb}, which sync would take even with a dot before it
   * @param content gives rows and lines one by one; its exceptions leave the older file in place
   * @return the file
   */
  public static Path write(
      FileSystem files, Path folder, String token, OfflineRun run, Content content)
      throws IOException {
    if (token.endsWith(SUFFIX)) {
      throw new IllegalArgumentException("token " + token);
    }
    Path file = folder.resolve("run-" + run.runId() + SUFFIX);
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
    Path parent = folder.getParent();
    if (parent != null) {
      files.syncFolder(parent);
    }
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
