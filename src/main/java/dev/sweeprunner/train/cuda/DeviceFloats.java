package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Trainable;
import org.jspecify.annotations.Nullable;

/**
 * Float32 numbers on the GPU.
 *
 * @param rounded a matrix's copy in bfloat16, which its products read, or null
 */
record DeviceFloats(int length, Space space, @Nullable Space rounded) implements Floats {
  static DeviceFloats plain(Arena arena, int length) {
    return new DeviceFloats(length, arena.ask((long) Float.BYTES * length), null);
  }

  /** The copy's rows are filled up with zeros, so that a tile of the head never reads beyond. */
  static DeviceFloats copied(Arena arena, int rows, int columns) {
    long paddedRows = (rows + 127L) / 128 * 128;
    Space copy = arena.ask(Short.BYTES * paddedRows * columns);
    int length = Math.multiplyExact(rows, columns);
    return new DeviceFloats(length, arena.ask((long) Float.BYTES * length), copy);
  }

  /** The address of a parameter's value; 0 for one that a model lacks. */
  static long value(@Nullable Trainable parameter) {
    return parameter == null ? 0 : address(parameter.value());
  }

  /** The address of a parameter's gradient; 0 for one that a model lacks. */
  static long gradient(@Nullable Trainable parameter) {
    return parameter == null ? 0 : address(parameter.gradient());
  }

  static long address(Floats floats) {
    return ((DeviceFloats) floats).address();
  }

  long address() {
    return space.address();
  }

  /** Of the bfloat16 copy; 0 where there is none. */
  long copy() {
    return rounded == null ? 0 : rounded.address();
  }

  /** What products of this type read. */
  long operand(DataType products) {
    if (products == DataType.FLOAT32) {
      return address();
    }
    if (rounded == null) {
      throw new IllegalArgumentException("products read matrices only; this is no matrix");
    }
    return rounded.address();
  }

  @Override
  public void close() {
    space.close();
    if (rounded != null) {
      rounded.close();
    }
  }
}
