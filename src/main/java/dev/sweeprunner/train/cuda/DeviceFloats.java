package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Floats;
import org.jspecify.annotations.Nullable;

/** Float32 numbers on the GPU; a matrix may have a bfloat16 copy, which its products read. */
final class DeviceFloats implements Floats {
  private final Arena arena;
  private final int length;
  private final Space space;
  private final @Nullable Space copy;

  private DeviceFloats(Arena arena, int length, @Nullable Space copy) {
    this.arena = arena;
    this.length = length;
    this.space = arena.ask((long) Float.BYTES * length);
    this.copy = copy;
  }

  static DeviceFloats plain(Arena arena, int length) {
    return new DeviceFloats(arena, length, null);
  }

  /** The copy's rows are filled up with zeros, so that a tile of the head never reads beyond. */
  static DeviceFloats copied(Arena arena, int rows, int columns) {
    long paddedRows = (rows + 127L) / 128 * 128;
    Space copy = arena.ask(Short.BYTES * paddedRows * columns);
    return new DeviceFloats(arena, Math.multiplyExact(rows, columns), copy);
  }

  @Override
  public int length() {
    return length;
  }

  long address() {
    return space.address();
  }

  /** Of the bfloat16 copy; 0 where there is none. */
  long copy() {
    return copy == null ? 0 : copy.address();
  }

  /** What products in this format read. */
  long operand(Format products) {
    if (products == Format.FLOAT32) {
      return address();
    }
    if (copy == null) {
      throw new IllegalArgumentException("products read matrices only; this is no matrix");
    }
    return copy.address();
  }

  @Override
  public void close() {
    arena.giveBack(space);
    if (copy != null) {
      arena.giveBack(copy);
    }
  }
}
