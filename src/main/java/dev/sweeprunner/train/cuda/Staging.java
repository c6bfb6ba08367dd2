package dev.sweeprunner.train.cuda;

import java.nio.ByteBuffer;

/** Copies between Java arrays and the GPU, through two page-locked pieces in turn. */
final class Staging {
  private static final int PIECE_BYTES = 8 << 20;

  private final Stream stream;
  private final Slot[] slots = new Slot[2];
  private final Pinned number;
  private int next;

  /**
   * @param resources what gives the memory back
   */
  Staging(Gpu gpu, Stream stream, Resources resources) {
    this.stream = stream;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = resources.keep(new Slot(gpu, PIECE_BYTES));
    }
    this.number = resources.keep(new Pinned(gpu, Double.BYTES));
  }

  /** Puts the first values there, in this type; the array may be changed afterwards. */
  void upload(float[] values, int count, long to, DataType type) {
    int most = PIECE_BYTES / type.bytes();
    for (int from = 0; from < count; from += most) {
      int some = Math.min(most, count - from);
      Slot slot = slots[next++ & 1];
      Pinned memory = slot.free();
      type.write(values, from, some, memory.buffer());
      stream.copyIn(to + (long) type.bytes() * from, memory, (long) type.bytes() * some);
      stream.record(slot.used());
    }
  }

  /** Brings values from there, one piece while the one before is taken into the array. */
  float[] download(int count, long from, DataType type) {
    float[] values = new float[count];
    int most = PIECE_BYTES / type.bytes();
    start(values, 0, from, type);
    for (int at = 0; at < count; at += most) {
      int following = at + most;
      Slot slot = slots[next - 1 & 1];
      if (following > 0 && following < count) {
        start(values, following, from, type);
      }
      ByteBuffer memory = slot.free().buffer();
      type.read(memory, values, at, Math.min(most, count - at));
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

  private void start(float[] values, int at, long from, DataType type) {
    int some = Math.min(PIECE_BYTES / type.bytes(), values.length - at);
    Slot slot = slots[next++ & 1];
    stream.copyOut(slot.free(), from + (long) type.bytes() * at, (long) type.bytes() * some);
    stream.record(slot.used());
  }
}
