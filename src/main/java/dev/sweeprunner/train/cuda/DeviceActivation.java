package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Activation;

/** Row-major numbers on the GPU. */
final class DeviceActivation implements Activation {
  private final Arena arena;
  private final int rows;
  private final int length;
  private final int features;
  private final Format format;
  private final Space space;

  DeviceActivation(Arena arena, int rows, int length, int features, Format format) {
    this.arena = arena;
    this.rows = rows;
    this.length = length;
    this.features = features;
    this.format = format;
    this.space = arena.ask((long) format.bytes() * rows * length * features);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int features() {
    return features;
  }

  Format format() {
    return format;
  }

  long bytes() {
    return space.bytes();
  }

  long address() {
    return space.address();
  }

  /** Where this token's numbers begin. */
  long address(int token) {
    return space.address() + (long) format.bytes() * token * features;
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
    arena.giveBack(space);
  }
}
