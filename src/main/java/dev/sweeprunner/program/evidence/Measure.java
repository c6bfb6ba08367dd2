package dev.sweeprunner.program.evidence;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether something was written to: its size, its newest change and which file it is,
 * for what is renamed into place within one tick of the file system's clock. For a folder, those of
 * all that is in it.
 *
 * @param bytes of all files
 * @param changed milliseconds since 1970, by the clock of whoever keeps the files
 * @param files which they are, as one number
 */
record Measure(long bytes, long changed, int files) {
  private static final int DEEPEST = 8;

  /** Of a file, or of a folder with what is in it; null if nothing is there. */
  static @Nullable Measure of(Path path, Listing listing) {
    return of(path, listing, DEEPEST);
  }

  private static @Nullable Measure of(Path path, Listing listing, int deep) {
    BasicFileAttributes attributes = Listing.attributes(path);
    if (attributes == null) {
      return null;
    }
    long changed = attributes.lastModifiedTime().toMillis();
    if (!attributes.isDirectory()) {
      return new Measure(attributes.size(), changed, Objects.hashCode(attributes.fileKey()));
    }
    long bytes = 0;
    int files = 0;
    for (String name : deep == 0 ? List.<String>of() : listing.names(path)) {
      Measure part = of(path.resolve(name), listing, deep - 1);
      if (part != null) {
        bytes += part.bytes;
        files += part.files;
        changed = Math.max(changed, part.changed);
      }
    }
    return new Measure(bytes, changed, files);
  }
}
