package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Activation;

/**
 * Row-major numbers on the GPU.
 *
 * @param rows the most that it can hold
 * @param length tokens per row
 * @param features numbers per token
 */
record DeviceActivation(int rows, int length, int features, DataType type, Space space)
    implements Activation {
  static DeviceActivation of(Arena arena, int rows, int length, int features, DataType type) {
    Space space = arena.ask((long) type.bytes() * rows * length * features);
    return new DeviceActivation(rows, length, features, type, space);
  }

  long address() {
    return space.address();
  }

  /** Where this token's numbers begin. */
  long address(int token) {
    return space.address() + (long) type.bytes() * token * features;
  }

  /** Numbers in the first rows. */
  int numbers(int someRows) {
    return Math.multiplyExact(tokens(someRows), features);
  }

  /** Tokens in the first rows. */
  int tokens(int someRows) {
    if (someRows <= 0 || someRows > rows) {
      throw new IllegalArgumentException("rows must be in 1.." + rows + ", was: " + someRows);
    }
    return someRows * length;
  }

  @Override
  public void close() {
    space.close();
  }
}
