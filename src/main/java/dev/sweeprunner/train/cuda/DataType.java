package dev.sweeprunner.train.cuda;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** How numbers lie in the GPU's memory. */
enum DataType {
  FLOAT32("float32", "_f32", Float.BYTES) {
    @Override
    void write(float[] values, int from, int count, ByteBuffer to) {
      to.asFloatBuffer().put(values, from, count);
    }

    @Override
    void read(ByteBuffer from, float[] values, int to, int count) {
      FloatBuffer numbers = from.asFloatBuffer();
      numbers.get(values, to, count);
    }
  },
  BFLOAT16("bfloat16", "_bf16", Short.BYTES) {
    @Override
    void write(float[] values, int from, int count, ByteBuffer to) {
      ShortBuffer numbers = to.asShortBuffer();
      for (int i = 0; i < count; i++) {
        numbers.put(i, upperHalf(values[from + i]));
      }
    }

    @Override
    void read(ByteBuffer from, float[] values, int to, int count) {
      ShortBuffer numbers = from.asShortBuffer();
      for (int i = 0; i < count; i++) {
        values[to + i] = Float.intBitsToFloat(numbers.get(i) << 16);
      }
    }
  };

  private final String dtype;
  private final String suffix;
  private final int bytes;

  DataType(String dtype, String suffix, int bytes) {
    this.dtype = dtype;
    this.suffix = suffix;
    this.bytes = bytes;
  }

  /** The name under which traits have it. */
  String dtype() {
    return dtype;
  }

  /** What the names of its kernels end in. */
  String suffix() {
    return suffix;
  }

  /** Of one number. */
  int bytes() {
    return bytes;
  }

  /** Converts into a buffer of native byte order, from its position on, which stays. */
  abstract void write(float[] values, int from, int count, ByteBuffer to);

  /** The way back. */
  abstract void read(ByteBuffer from, float[] values, int to, int count);

  /** Rounded to nearest even; a NaN stays one. */
  private static short upperHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
