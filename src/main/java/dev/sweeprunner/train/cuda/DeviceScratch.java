package dev.sweeprunner.train.cuda;

import org.jspecify.annotations.Nullable;

/**
 * Memory that every operation uses anew, one after the other in the stream's order. It only grows,
 * and stays where it is as long as the kernels are open, because programs remember addresses.
 */
final class DeviceScratch {
  private final Arena arena;
  private @Nullable Space space;
  private @Nullable Space planned;

  DeviceScratch(Arena arena) {
    this.arena = arena;
  }

  /** Asks for as much if there is less. */
  void plan(long bytes) {
    planned = bytes > (space == null ? 0 : space.bytes()) ? arena.ask(bytes) : space;
  }

  /** What was planned has its place now. */
  void settle() {
    space = planned;
  }

  /** All of it, for one operation. */
  Part begin() {
    Space all = space;
    return all == null ? new Part(0, 0) : new Part(all.address(), all.bytes());
  }

  /** What an operation has not taken yet. */
  static final class Part {
    private long address;
    private long left;

    private Part(long address, long left) {
      this.address = address;
      this.left = left;
    }

    /** Where the next bytes lie. */
    long take(long bytes) {
      long aligned = Arena.aligned(bytes);
      if (aligned > left) {
        throw new IllegalStateException(
            "an operation needs %s more bytes of scratch memory where %s are left: it is larger than"
                    .formatted(aligned, left)
                + " the buffers that were asked for");
      }
      long taken = address;
      address += aligned;
      left -= aligned;
      return taken;
    }
  }
}
