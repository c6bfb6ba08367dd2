package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.wandb.offline.OfflineArtifact;
import dev.sweeprunner.wandb.offline.OfflineRecords;
import dev.sweeprunner.wandb.offline.OfflineRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files and artifacts of a program, placed beside a {@code .wandb} file, and its records of them.
 */
record OfflineLoad(List<String> names, List<OfflineArtifact> artifacts) {
  /**
   * Places all that is whole.
   *
   * @param folder of the run's {@code .wandb} file
   */
  static OfflineLoad placed(FileSystem disk, Path folder, CargoList list, OfflineRun run)
      throws IOException {
    return new OfflineLoad(
        new OfflineCargo(disk, folder).place(list),
        new OfflineArtifacts(disk, folder, run).place(list));
  }

  void write(OfflineRecords records) throws IOException {
    if (!names.isEmpty()) {
      records.files(names);
    }
    for (OfflineArtifact artifact : artifacts) {
      records.artifact(artifact);
    }
  }
}
