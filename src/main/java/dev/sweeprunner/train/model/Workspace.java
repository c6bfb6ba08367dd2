package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Buffer;
import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.Rotation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All memory of a model besides its parameters: made once, for a fixed number of rows. */
final class Workspace implements AutoCloseable {
  private final Kernels kernels;
  private final ModelShape shape;
  private final int rows;
  private final int length;
  private final List<Buffer> buffers = new ArrayList<>();
  private final @Nullable Rotation rotation;

  Workspace(Kernels kernels, ModelShape shape, int rows) {
    this.kernels = kernels;
    this.shape = shape;
    this.rows = rows;
    this.length = shape.blockSize();
    this.rotation = shape.rope() ? new Rotation(angles(), angles()) : null;
  }

  /** Most rows per pass. */
  int rows() {
    return rows;
  }

  @Nullable Rotation rotation() {
    return rotation;
  }

  /** Numbers that matrix products read. */
  Activation activation(int features) {
    return kept(kernels.activation(rows, length, features, Precision.PRODUCT));
  }

  /** Numbers in float32. */
  Activation exact(int features) {
    return kept(kernels.activation(rows, length, features, Precision.FULL));
  }

  Tokens tokens() {
    return kept(
        kernels.tokens(
            rows,
            length,
            new Tokens.Ranges(shape.inputRows(), shape.vocabulary(), shape.toldCompartments())));
  }

  Total total() {
    return kept(kernels.total());
  }

  Gradients gradients(int embd) {
    return new Gradients(
        exact(embd), exact(embd), activation(embd), activation(4 * embd), activation(3 * embd));
  }

  /** Fills the tables, once the kernels have allocated. */
  void prepare() {
    if (rotation != null) {
      rotate(rotation);
    }
  }

  @Override
  public void close() {
    buffers.forEach(Buffer::close);
  }

  /** Angle of pair i at position t: t / base^(2i / head size). */
  private void rotate(Rotation tables) {
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
    kernels.upload(cos, tables.cos());
    kernels.upload(sin, tables.sin());
  }

  private Floats angles() {
    return kept(kernels.floats(shape.headSize() / 2 * length));
  }

  private <B extends Buffer> B kept(B buffer) {
    buffers.add(buffer);
    return buffer;
  }

  /**
   * What flows backwards.
   *
   * @param head (N, C) gradient of what the head reads
   * @param residual (N, C) gradient of the residual stream
   * @param branch (N, C)
   * @param wide (N, 4C)
   * @param qkv (N, 3C)
   */
  record Gradients(
      Activation head, Activation residual, Activation branch, Activation wide, Activation qkv) {}
}
