package dev.sweeprunner.checkpoint;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the files of a checkpoint folder are those that its manifest names, whoever wrote it:
 * every {@code manifest.json} lists size and SHA-256 of each, and a copy of a program's folder,
 * known by its {@code mode}, lies in {@code work/}.
 *
 * @param folder of the checkpoint
 */
record StoredFiles(FileSystem files, Path folder) {
  private static final String MANIFEST = "manifest.json";

  /**
   * What is wrong with a file.
   *
   * @param file its name in the folder
   * @param missing whether it is not there at all
   */
  record Fault(String file, boolean missing, String fact) {}

  /**
   * The first thing that is wrong.
   *
   * @param manifestSha256 of the manifest, or empty where nobody names it
   * @param droppable names that need not be there
   * @param hashed whether contents are read too, or sizes alone
   * @throws IOException if it cannot be read, which says nothing about its content
   */
  Optional<Fault> fault(String manifestSha256, Set<String> droppable, boolean hashed)
      throws IOException {
    byte[] manifest;
    try {
      manifest = files.read(folder.resolve(MANIFEST));
    } catch (NoSuchFileException e) {
      return Optional.of(new Fault(MANIFEST, true, "the checkpoint's manifest is not there"));
    }
    String found = Sha256.of(manifest);
    if (!manifestSha256.isEmpty() && !found.equals(manifestSha256)) {
      return damaged(
          MANIFEST, "its SHA-256 is " + found + ", but the claim log names " + manifestSha256);
    }
    try {
      return files(Fields.of(manifest), droppable, hashed);
    } catch (UnreadableJson e) {
      return damaged(MANIFEST, "it is no manifest: " + e.getMessage());
    }
  }

  private Optional<Fault> files(Fields manifest, Set<String> droppable, boolean hashed)
      throws IOException, UnreadableJson {
    Fields listed = manifest.objectOrNull("files");
    if (listed == null) {
      return Optional.empty(); // a program's own folder, which goes on changing
    }
    String below = manifest.textOrNull("mode") == null ? "" : "work/";
    for (String name : listed.members().keySet()) {
      Fields stored = listed.object(name);
      Optional<Fault> fault = file(below + name, stored, droppable.contains(name), hashed);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private Optional<Fault> file(String name, Fields stored, boolean droppable, boolean hashed)
      throws IOException, UnreadableJson {
    Path file = folder.resolve(name);
    try {
      long bytes = Files.size(file);
      if (bytes != stored.number("bytes")) {
        return damaged(
            name, "it has " + bytes + " bytes, but " + stored.number("bytes") + " were published");
      }
      String wanted = stored.text("sha256");
      String found = hashed ? sha256(file) : wanted;
      return found.equals(wanted)
          ? Optional.empty()
          : damaged(name, "its SHA-256 is " + found + ", but the manifest names " + wanted);
    } catch (NoSuchFileException e) {
      return droppable
          ? Optional.empty()
          : Optional.of(new Fault(name, true, "a file that the manifest names is not there"));
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Sha256.of(in);
    }
  }

  private static Optional<Fault> damaged(String file, String fact) {
    return Optional.of(new Fault(file, false, fact));
  }
}
