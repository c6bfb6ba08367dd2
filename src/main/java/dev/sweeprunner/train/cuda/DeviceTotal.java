package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Total;

/** A double on the GPU. */
final class DeviceTotal implements Total {
  private final Arena arena;
  private final Space space;

  DeviceTotal(Arena arena) {
    this.arena = arena;
    this.space = arena.ask(Double.BYTES);
  }

  long address() {
    return space.address();
  }

  @Override
  public void close() {
    arena.giveBack(space);
  }
}
