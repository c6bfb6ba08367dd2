package dev.sweeprunner.train.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes token files for tests. */
public final class ShardFiles {
  private ShardFiles() {}

  /** A file with uint32 tokens. */
  public static Path wide(Path file, int... tokens) throws IOException {
    ByteBuffer bytes = header(20251013, 1, tokens.length, tokens.length * 4);
    for (int token : tokens) {
      bytes.putInt(token);
    }
    return Files.write(file, bytes.array());
  }

  /** A file with uint16 tokens. */
  public static Path narrow(Path file, int... tokens) throws IOException {
    ByteBuffer bytes = header(20240520, 1, tokens.length, tokens.length * 2);
    for (int token : tokens) {
      bytes.putShort((short) token);
    }
    return Files.write(file, bytes.array());
  }

  static ByteBuffer header(int magic, int version, int count, int room) {
    ByteBuffer bytes = ByteBuffer.allocate(1024 + room).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, magic).putInt(4, version).putInt(8, count);
    return bytes.position(1024);
  }
}
