package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** How a name is taken so that only one can have it. Both exclude each other on one name. */
enum Primitive {
  /** A hard link of a finished file: the name appears with its content or not at all. */
  LINK {
    @Override
    void take(FileSystem files, Path name, Path ready, byte[] content) throws IOException {
      files.link(name, ready);
    }
  },
  /** Exclusive creation, where hard links do not work: a crash may leave the name empty. */
  CREATE {
    @Override
    void take(FileSystem files, Path name, Path ready, byte[] content) throws IOException {
      files.take(name, content);
    }
  };

  /**
   * Takes {@code name}.
   *
   * @param ready a finished file with the same content, in the same folder
   */
  abstract void take(FileSystem files, Path name, Path ready, byte[] content) throws IOException;

  /** As written in the format marker. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
