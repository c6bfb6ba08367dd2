package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A disk without fsync that is full now and then: a part of what is appended is on it all the same.
 */
final class QuickFiles extends Delegating {
  private final SplittableRandom random;
  private final int fullOneIn;

  QuickFiles(SplittableRandom random, int fullOneIn) {
    super(new LocalFiles());
    this.random = random;
    this.fullOneIn = fullOneIn;
  }

  /** Whether it is full at times: what is written again then may be there twice. */
  boolean isFull() {
    return fullOneIn > 0;
  }

  private boolean full() {
    return fullOneIn > 0 && random.nextInt(fullOneIn) == 0;
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    if (full()) {
      throw new IOException("No space left on device");
    }
    Files.write(file, content);
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    Appender real = super.openAppender(file);
    return new Appender() {
      @Override
      public void append(byte[] record) throws IOException {
        if (full()) {
          real.append(Arrays.copyOf(record, random.nextInt(record.length)));
          throw new IOException("No space left on device");
        }
        real.append(record);
      }

      @Override
      public void sync() throws IOException {
        real.sync();
      }

      @Override
      public void close() throws IOException {
        real.close();
      }
    };
  }
}
