package dev.sweeprunner.program.state;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.IoReason;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of a published copy: their sizes and hashes, by their names below it. */
final class FolderContents {
  private static final int CHUNK = 1 << 18;

  private final FileSystem files;
  private final Path folder;

  FolderContents(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Makes all of it durable and says what it is, in the order of the names. */
  Map<String, Manifest.Stored> store() throws IOException {
    Map<String, Manifest.Stored> stored = new TreeMap<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              files.syncFolder(file);
              stored.put(folder.relativize(file).toString(), hash(file));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            files.syncFolder(each);
            return FileVisitResult.CONTINUE;
          }
        });
    return stored;
  }

  /** Makes its folders durable, whose files are so already. */
  void storeFolders() throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e)
              throws IOException {
            files.syncFolder(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Compares all of it with what was stored; what was not is not looked at. */
  void check(Map<String, Manifest.Stored> stored) throws IOException, DamagedCheckpoint {
    for (Map.Entry<String, Manifest.Stored> each : stored.entrySet()) {
      Path file = folder.resolve(each.getKey());
      Manifest.Stored wanted = each.getValue();
      try {
        long bytes = Files.size(file);
        if (bytes != wanted.bytes()) {
          throw new DamagedCheckpoint(
              file + " has " + bytes + " bytes, not " + wanted.bytes() + ".");
        }
        Manifest.Stored found = hash(file);
        if (!found.equals(wanted)) {
          throw new DamagedCheckpoint(
              file + " has SHA-256 " + found.sha256() + ", not " + wanted.sha256() + ".");
        }
      } catch (IOException e) {
        if (IoReason.noFile(file, e)) {
          throw new DamagedCheckpoint(file + " is missing.");
        }
        throw e;
      }
    }
  }

  /** What changes when a file, or anything in a folder, is written to; equal if nothing was. */
  static Map<String, String> stamp(Path path) throws IOException {
    Map<String, String> stamps = new TreeMap<>();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return stamps;
    }
    Path start = Files.isSymbolicLink(path) ? path.toRealPath() : path;
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            stamps.put(file.toString(), attributes.size() + "@" + attributes.lastModifiedTime());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            stamps.put(file.toString(), "gone");
            return FileVisitResult.CONTINUE;
          }
        });
    return stamps;
  }

  /**
   * Compares a checkpoint with what it was before it was copied.
   *
   * @throws IOException if it was written to meanwhile, or is not among what was copied
   */
  static void requireStill(Path checkpoint, Object before, Path copied) throws IOException {
    if (!before.equals(stamp(checkpoint))) {
      throw new IOException(checkpoint + " was written to while it was copied");
    }
    if (!Files.exists(copied)) {
      throw new IOException(checkpoint + " is gone, or excluded from what is copied");
    }
  }

  private static Manifest.Stored hash(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] chunk = new byte[CHUNK];
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
        bytes += n;
      }
    }
    return new Manifest.Stored(bytes, Sha256.hex(digest));
  }
}
