package dev.sweeprunner.program.evidence;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether something was written to: its size and its newest change. For a folder, those
 * of all that is in it.
 *
 * @param bytes of all files
 * @param changed milliseconds since 1970, by the clock of whoever keeps the files
 */
record Measure(long bytes, long changed) {
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
      return new Measure(attributes.size(), changed);
    }
    long bytes = 0;
    for (String name : deep == 0 ? java.util.List.<String>of() : listing.names(path)) {
      Measure part = of(path.resolve(name), listing, deep - 1);
      if (part != null) {
        bytes += part.bytes;
        changed = Math.max(changed, part.changed);
      }
    }
    return new Measure(bytes, changed);
  }
}
