package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.wandb.telemetry.Cargo.RunFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Puts files of programs where {@code wandb sync} looks for them: beside the {@code .wandb} file,
 * by a second name where the disk has such, else copied. May be cut off anywhere and repeated.
 *
 * @param folder of the run's {@code .wandb} file
 */
record OfflineCargo(FileSystem disk, Path folder) {
  /** {@code wandb sync} makes them itself from the records. */
  private static final Set<String> MADE = Set.of("config.yaml", "wandb-summary.json", "output.log");

  /** The names of those that lie there now. */
  List<String> place(CargoList list) throws IOException {
    List<String> names = new ArrayList<>();
    for (RunFile file : list.look().files()) {
      if (!MADE.contains(file.name())) {
        place(file.file(), folder.resolve("files").resolve(file.name()));
        names.add(file.name());
      }
    }
    return names;
  }

  /** Gives a file's content another name. */
  void place(Path file, Path place) throws IOException {
    disk.makeFolders(place.toAbsolutePath().resolveSibling(""));
    disk.delete(place);
    try {
      disk.link(place, file);
    } catch (FileAlreadyExistsException another) {
      throw another;
    } catch (IOException noLinks) {
      try (InputStream content = Files.newInputStream(file)) {
        disk.create(place, content::transferTo);
      }
    }
  }
}
