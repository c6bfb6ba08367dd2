package dev.sweeprunner.journal;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.Path;

/** A disk that takes no more lines while it is full. */
final class FullAppends extends Delegating {
  boolean full;

  FullAppends(FileSystem files) {
    super(files);
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    var appender = super.openAppender(file);
    return new Appender() {
      @Override
      public void append(byte[] record) throws IOException {
        if (full) {
          throw new IOException("No space left on device");
        }
        appender.append(record);
      }

      @Override
      public void sync() throws IOException {
        appender.sync();
      }

      @Override
      public void close() throws IOException {
        appender.close();
      }
    };
  }
}
