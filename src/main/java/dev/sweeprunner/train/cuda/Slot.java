package dev.sweeprunner.train.cuda;

/** Page-locked memory of the host, and the end of the newest work of a stream that uses it. */
final class Slot implements Resource {
  private final Pinned memory;
  private final Event used;

  Slot(Gpu gpu, long bytes) {
    this.memory = new Pinned(gpu, bytes);
    try {
      this.used = new Event(gpu);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /** The memory, once nothing uses it any more. */
  Pinned free() {
    used.await();
    return memory;
  }

  /** Recorded after the newest use. */
  Event used() {
    return used;
  }

  @Override
  public void close() {
    used.close();
    memory.close();
  }
}
