package dev.sweeprunner.train.cuda;

/** Room in the GPU's memory, which gets its place when the arena is allocated. */
final class Space implements Resource {
  private final Arena arena;
  private final long bytes;
  private long address;

  Space(Arena arena, long bytes) {
    this.arena = arena;
    this.bytes = bytes;
  }

  long bytes() {
    return bytes;
  }

  /** Where it begins. */
  long address() {
    if (address == 0) {
      throw new IllegalStateException("a buffer has no memory before allocate()");
    }
    return address;
  }

  void place(long place) {
    address = place;
  }

  @Override
  public void close() {
    arena.giveBack(this);
  }
}
