package dev.sweeprunner.train.cuda;

import java.nio.ByteBuffer;

/** Copies between Java arrays and the GPU, through two page-locked pieces in turn. */
final class Staging implements Resource {
  private static final int PIECE_BYTES = 8 << 20;

  private final Stream stream;
  private final Slot[] slots = new Slot[2];
  private final Pinned number;
  private int next;

  Staging(Gpu gpu, Stream stream) {
    this.stream = stream;
    try (Rollback rollback = new Rollback()) {
      slots[0] = rollback.unlessDone(new Slot(gpu, PIECE_BYTES));
      slots[1] = rollback.unlessDone(new Slot(gpu, PIECE_BYTES));
      number = rollback.unlessDone(new Pinned(gpu, Double.BYTES));
      rollback.done();
    }
  }

  /** Puts the first values there, in this format; the array may be changed afterwards. */
  void upload(float[] values, int count, long to, Format format) {
    int most = PIECE_BYTES / format.bytes();
    for (int from = 0; from < count; from += most) {
      int some = Math.min(most, count - from);
      Slot slot = slots[next++ & 1];
      Pinned memory = slot.free();
      format.write(values, from, some, memory.buffer());
      stream.copyIn(to + (long) format.bytes() * from, memory, (long) format.bytes() * some);
      stream.record(slot.used());
    }
  }

  /** Brings values from there, one piece while the one before is taken into the array. */
  float[] download(int count, long from, Format format) {
    float[] values = new float[count];
    int most = PIECE_BYTES / format.bytes();
    start(values, 0, from, format);
    for (int at = 0; at < count; at += most) {
      int following = at + most;
      Slot slot = slots[next - 1 & 1];
      if (following > 0 && following < count) {
        start(values, following, from, format);
      }
      ByteBuffer memory = slot.free().buffer();
      format.read(memory, values, at, Math.min(most, count - at));
    }
    return values;
  }

  /** The double there, which becomes zero. Waits for all work before. */
  double take(long address) {
    stream.copyOut(number, address, Double.BYTES);
    stream.zero(address, Double.BYTES);
    stream.finish();
    return number.buffer().getDouble(0);
  }

  @Override
  public void close() {
    stream.settle();
    for (Slot slot : slots) {
      slot.close();
    }
    number.close();
  }

  private void start(float[] values, int at, long from, Format format) {
    int some = Math.min(PIECE_BYTES / format.bytes(), values.length - at);
    Slot slot = slots[next++ & 1];
    stream.copyOut(slot.free(), from + (long) format.bytes() * at, (long) format.bytes() * some);
    stream.record(slot.used());
  }
}
