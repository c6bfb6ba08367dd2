package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What all workers of a lock directory have in common towards W&amp;B, each written once: the
 * directory's own id, by which another cluster's claims are told from ours, and the entity, without
 * which two clusters with different defaults would work in two projects and do everything twice.
 *
 * <p>Any thread, any number of processes: the first that writes is right, the others read.
 */
public final class Identity {
  private static final int VERSION = 1;
  private static final int TRIES = 20;

  private final FileSystem files;
  private final Layout layout;

  /** The identities of the projects of a storage root. */
  public Identity(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  /**
   * The lock directory's id.
   *
   * @param fresh the one it gets if it has none yet
   * @throws UserError if it can be neither read nor written
   */
  public String root(String project, String fresh) {
    return once(layout.rootId(project), project, "id", fresh);
  }

  /** The entity that was pinned, if one was. */
  public Optional<String> entity(String project) {
    return read(layout.entity(project), "entity");
  }

  /**
   * Pins an entity.
   *
   * @throws UserError if another one is pinned already
   */
  public void pin(String project, String entity) {
    String pinned = once(layout.entity(project), project, "entity", entity);
    if (!pinned.equals(entity)) {
      throw new UserError(
          layout.entity(project).toString(),
          "the runs of this storage root belong to the W&B entity "
              + pinned
              + ", and this worker would log to "
              + entity,
          "Run with --entity " + pinned + ", or use another --storage");
    }
  }

  private String once(Path file, String project, String name, String value) {
    Optional<String> there = read(file, name);
    IOException refused = null;
    for (int tries = 0; tries < TRIES && there.isEmpty(); tries++) {
      try {
        files.makeFolders(layout.locks(project));
        place(layout.locks(project), file, Json.bytes(Map.of("v", VERSION, name, value)));
        refused = null;
      } catch (IOException e) {
        refused = e; // a server that fails over says so once
      }
      there = read(file, name);
    }
    if (there.isEmpty() && refused != null) {
      throw new UserError(
          file.toString(),
          "it cannot be written: " + Why.of(refused),
          "Make the storage root writable",
          refused);
    }
    return there.orElseThrow(
        () -> new UserError(file.toString(), "it does not stay", "Look who removes it"));
  }

  private byte[] read(Path file) throws IOException {
    for (int tries = 1; tries < TRIES; tries++) {
      try {
        return files.read(file);
      } catch (NoSuchFileException absent) {
        throw absent;
      } catch (IOException once) {
        continue;
      }
    }
    return files.read(file);
  }

  /**
   * Whole under its name or not there; where there are no hard links, torn after a crash. Several
   * may prepare at once: whatever is linked is whole, and who finds nothing to link tries again.
   */
  private void place(Path folder, Path file, byte[] content) throws IOException {
    Path ready = folder.resolve(FileSystem.TEMP_PREFIX + file.getFileName());
    files.replace(ready, content);
    try {
      link(file, ready, content);
      files.syncFolder(folder);
    } catch (FileAlreadyExistsException | NoSuchFileException anotherWasFaster) {
      return;
    } finally {
      files.delete(ready);
    }
  }

  private void link(Path file, Path ready, byte[] content) throws IOException {
    try {
      files.link(file, ready);
    } catch (FileAlreadyExistsException | NoSuchFileException anotherWasFaster) {
      throw anotherWasFaster;
    } catch (IOException noLinks) {
      files.take(file, content);
    }
  }

  private Optional<String> read(Path file, String name) {
    try {
      return Optional.of(Fields.of(read(file)).text(name));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException | UnreadableJson e) {
      throw new UserError(
          file.toString(),
          "it cannot be read: " + Why.of(e),
          "Correct it, or remove it if no worker of this storage root runs",
          e);
    }
  }
}
