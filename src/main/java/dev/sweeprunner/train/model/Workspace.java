package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Activation;
import dev.sweeprunner.train.kernels.Buffer;
import dev.sweeprunner.train.kernels.Floats;
import dev.sweeprunner.train.kernels.Ints;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Rotation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All memory of a model besides its parameters: made once, for a fixed number of rows. */
final class Workspace implements AutoCloseable {
  private final Kernels kernels;
  private final int rows;
  private final int length;
  private final List<Buffer> buffers = new ArrayList<>();
  private final @Nullable Rotation rotation;

  Workspace(Kernels kernels, ModelShape shape, int rows) {
    this.kernels = kernels;
    this.rows = rows;
    this.length = shape.blockSize();
    this.rotation = shape.rope() ? rotation(shape) : null;
  }

  /** Most rows per pass. */
  int rows() {
    return rows;
  }

  @Nullable Rotation rotation() {
    return rotation;
  }

  Activation activation(int features) {
    return kept(kernels.activation(rows, length, features));
  }

  Ints ids() {
    return kept(kernels.ints(rows * length));
  }

  Gradients gradients(int embd) {
    return new Gradients(
        activation(embd), activation(embd), activation(4 * embd), activation(3 * embd));
  }

  @Override
  public void close() {
    buffers.forEach(Buffer::close);
  }

  /** Angle of pair i at position t: t / base^(2i / head size). */
  private Rotation rotation(ModelShape shape) {
    int half = shape.headSize() / 2;
    float[] cos = new float[half * length];
    float[] sin = new float[half * length];
    for (int i = 0; i < half; i++) {
      double frequency = 1 / StrictMath.pow(shape.ropeBase(), 2.0 * i / shape.headSize());
      for (int t = 0; t < length; t++) {
        cos[i * length + t] = (float) StrictMath.cos(t * frequency);
        sin[i * length + t] = (float) StrictMath.sin(t * frequency);
      }
    }
    return new Rotation(uploaded(cos), uploaded(sin));
  }

  private Floats uploaded(float[] values) {
    Floats buffer = kept(kernels.floats(values.length));
    kernels.upload(values, buffer);
    return buffer;
  }

  private <B extends Buffer> B kept(B buffer) {
    buffers.add(buffer);
    return buffer;
  }

  /**
   * What flows backwards.
   *
   * @param residual (N, C) gradient of the residual stream
   * @param branch (N, C)
   * @param wide (N, 4C)
   * @param qkv (N, 3C)
   */
  record Gradients(Activation residual, Activation branch, Activation wide, Activation qkv) {}
}
