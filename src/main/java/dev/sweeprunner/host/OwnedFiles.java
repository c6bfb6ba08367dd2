package dev.sweeprunner.host;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.OwnerForm;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files that name their owner, each made by one process alone: by a hard link, or by exclusive
 * creation where there are none. Any thread.
 *
 * @param self who makes them
 */
record OwnedFiles(FileSystem files, Owner self) {
  /** Makes a file; says whether this process did, now or before. */
  boolean make(Path file) throws IOException {
    byte[] content = Json.bytes(OwnerForm.NAME.members(self));
    Path ready = file.resolveSibling(FileSystem.TEMP_PREFIX + self.incarnation());
    files.delete(ready);
    files.create(ready, content);
    try {
      files.link(file, ready);
      return true;
    } catch (FileAlreadyExistsException taken) {
      // Also the answer where a network file system lost the reply to a link that was made.
      return isOwn(file);
    } catch (NoSuchFileException cleared) {
      return make(file); // by another that starts; what is written in place may be read torn
    } catch (IOException noLinks) {
      return makeWithoutLinks(file, content);
    } finally {
      files.delete(ready);
    }
  }

  private boolean makeWithoutLinks(Path file, byte[] content) throws IOException {
    try {
      files.take(file, content);
      return true;
    } catch (FileAlreadyExistsException taken) {
      return isOwn(file);
    }
  }

  /** Whether this process made a file. */
  boolean isOwn(Path file) throws IOException {
    return owner(file).filter(o -> o.incarnation().equals(self.incarnation())).isPresent();
  }

  /** Who made a file; empty where that cannot be read. */
  Optional<Owner> owner(Path file) throws IOException {
    try {
      return Optional.of(OwnerForm.NAME.owner(Fields.of(files.read(file))));
    } catch (NoSuchFileException | UnreadableJson unreadable) {
      return Optional.empty();
    }
  }
}
