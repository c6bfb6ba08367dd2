package dev.sweeprunner.app;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Makes sure, before anything is claimed, that the storage root can be written. */
final class StorageRoot {
  private StorageRoot() {}

  /**
   * Creates {@code out/.workers} and writes and removes a small file in it.
   *
   * @throws UserError if that fails, naming the folder and the reason
   */
  static void prepare(Settings settings, ObjectGraph graph) {
    complaint(graph)
        .ifPresent(
            reason -> {
              throw new UserError(
                  settings.storageRoot().toString(),
                  "the storage root cannot be written (" + reason + ")",
                  "Free space, correct its permissions, or name another with --storage");
            });
  }

  /** Why a small file cannot be written there, or empty; any thread. */
  static Optional<String> complaint(ObjectGraph graph) {
    Path folder = graph.layout().workers();
    Path probe = folder.resolve(FileSystem.TEMP_PREFIX + UUID.randomUUID());
    try {
      graph.files().makeFolders(folder);
      graph.files().create(probe, "probe".getBytes(StandardCharsets.UTF_8));
      graph.files().delete(probe);
      return Optional.empty();
    } catch (IOException e) {
      deleteQuietly(graph, probe);
      return Optional.of(reason(e));
    }
  }

  private static void deleteQuietly(ObjectGraph graph, Path probe) {
    try {
      graph.files().delete(probe);
    } catch (IOException litter) {
      return; // swept with other temporary files later
    }
  }

  private static String reason(IOException e) {
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    if (e instanceof java.nio.file.FileSystemException failure && failure.getReason() != null) {
      return failure.getFile() + ": " + failure.getReason();
    }
    return kind + ": " + e.getMessage();
  }
}
