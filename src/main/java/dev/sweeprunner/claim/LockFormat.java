package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The marker {@code .format} of a project's lock folder: protocol version, and the primitive that
 * the first claimer's probe found to work. Written once and never changed. Workers that disagree
 * about the primitive are still safe together.
 */
final class LockFormat {
  private final Layout layout;
  private final FileSystem files;
  private final Map<String, Primitive> known = new ConcurrentHashMap<>();

  LockFormat(Layout layout, FileSystem files) {
    this.layout = layout;
    this.files = files;
  }

  /**
   * The marked primitive, or null where nobody has claimed yet.
   *
   * @throws UserError if a newer or unknown protocol is marked
   */
  @Nullable Primitive read(String project) throws IOException {
    Primitive seen = known.get(project);
    if (seen != null) {
      return seen;
    }
    try {
      Primitive read = parse(layout.format(project), files.read(layout.format(project)));
      known.put(project, read);
      return read;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** The marked primitive; probes and marks it where nobody has. */
  Primitive readOrMark(String project) throws IOException {
    Primitive marked = read(project);
    if (marked != null) {
      return marked;
    }
    files.makeFolders(layout.locks(project));
    mark(layout.locks(project), layout.format(project));
    Primitive written = read(project);
    if (written == null) {
      throw new NoSuchFileException(layout.format(project).toString());
    }
    return written;
  }

  private void mark(Path folder, Path marker) throws IOException {
    Path temp = folder.resolve(FileSystem.TEMP_PREFIX + UUID.randomUUID());
    Path second = folder.resolve(FileSystem.TEMP_PREFIX + UUID.randomUUID());
    try {
      byte[] linked = content(Primitive.LINK);
      files.create(temp, linked);
      if (links(temp, second)) {
        takeOnce(Primitive.LINK, marker, temp, linked);
      } else {
        takeOnce(Primitive.CREATE, marker, temp, content(Primitive.CREATE));
      }
      files.syncFolder(folder);
    } finally {
      drop(temp);
      drop(second);
    }
  }

  private boolean links(Path temp, Path second) {
    try {
      files.link(second, temp);
      return true;
    } catch (FileAlreadyExistsException e) {
      // Only this process knows the name: its own success, the reply lost.
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void takeOnce(Primitive primitive, Path marker, Path ready, byte[] content)
      throws IOException {
    try {
      primitive.take(files, marker, ready, content);
    } catch (IOException e) {
      // Somebody's marker, or one's own whose reply was lost, does as well.
      try {
        files.read(marker);
      } catch (IOException unread) {
        e.addSuppressed(unread);
        throw e;
      }
    }
  }

  private void drop(Path temp) {
    try {
      files.delete(temp);
    } catch (IOException e) {
      // The janitor removes it.
    }
  }

  private static byte[] content(Primitive primitive) {
    Map<String, Object> marker = new LinkedHashMap<>();
    marker.put("v", RecordJson.VERSION);
    marker.put("primitive", primitive.word());
    return Json.bytes(marker);
  }

  private static Primitive parse(Path marker, byte[] bytes) {
    if (bytes.length == 0) {
      // Exclusive creation died before its first byte, so exclusive creation it was.
      return Primitive.CREATE;
    }
    try {
      Fields in = Fields.of(bytes);
      RecordJson.checkVersion(in);
      String word = in.text("primitive");
      for (Primitive primitive : Primitive.values()) {
        if (primitive.word().equals(word)) {
          return primitive;
        }
      }
      throw new UnreadableJson("unknown primitive " + word);
    } catch (UnreadableRecord | UnreadableJson e) {
      throw new UserError(
          marker.toString(),
          "the claims of this project have an unknown format: " + e.getMessage(),
          "Use the version of the program that wrote them",
          e);
    }
  }
}
