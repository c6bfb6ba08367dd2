package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import org.jspecify.annotations.Nullable;

/**
 * The head in float32, of any size: the logits of some tokens at a time, never across a quantum.
 */
final class ChunkedHead implements Head {
  private static final int CHUNK = 1024;
  private static final int SHARED = 256 * Float.BYTES;

  private final Launcher launcher;
  private final Products products;
  private final DeviceScratch scratch;
  private final Sums sums;

  ChunkedHead(Launcher launcher, DeviceScratch scratch, Sums sums) {
    this.launcher = launcher;
    this.products = new Products(launcher, DataType.FLOAT32, false);
    this.scratch = scratch;
    this.sums = sums;
  }

  static long scratch(Quanta quanta, int vocabulary, int features) {
    return Arena.aligned((long) Float.BYTES * quanta.tokens())
        + Arena.aligned(logitBytes(quanta, vocabulary))
        + Arena.aligned((long) Float.BYTES * vocabulary * features);
  }

  @Override
  public void run(
      int rows,
      DeviceActivation x,
      DeviceFloats weight,
      TokenBlock tokens,
      @Nullable HeadGradient gradient,
      DeviceTotal loss) {
    Quanta quanta = Quanta.of(rows, x.length());
    int vocabulary = weight.length() / x.features();
    DeviceScratch.Part part = scratch.begin();
    long losses = part.take((long) Float.BYTES * quanta.tokens());
    long logits = part.take(logitBytes(quanta, vocabulary));
    long partial = gradient == null ? 0 : part.take((long) Float.BYTES * vocabulary * x.features());
    for (int number = 0; number < quanta.count(); number++) {
      int end = Math.min(quanta.tokens(), quanta.start(number) + quanta.quantum());
      for (int start = quanta.start(number); start < end; start += CHUNK) {
        Chunk chunk =
            new Chunk(
                start,
                Math.min(CHUNK, end - start),
                vocabulary,
                logits,
                losses + (long) Float.BYTES * start);
        products.forward(
            "linear",
            new Products.Size(chunk.tokens, vocabulary, x.features()),
            x.address(start),
            weight.address(),
            0,
            logits);
        if (gradient == null) {
          loss(chunk, tokens);
        } else {
          lossAndGradients(chunk, tokens, x, weight, gradient, partial);
        }
      }
    }
    sums.addLosses(quanta, losses, loss);
  }

  private void loss(Chunk chunk, TokenBlock tokens) {
    launcher
        .kernel("softmax_loss_f32")
        .grid(chunk.tokens)
        .shared(SHARED)
        .ints(chunk.tokens, chunk.vocabulary)
        .addresses(tokens.targets(chunk.start), chunk.logits, chunk.losses)
        .run();
  }

  private void lossAndGradients(
      Chunk chunk,
      TokenBlock tokens,
      DeviceActivation x,
      DeviceFloats weight,
      HeadGradient gradient,
      long partial) {
    launcher
        .kernel("softmax_f32")
        .grid(chunk.tokens)
        .shared(SHARED)
        .ints(chunk.tokens, chunk.vocabulary)
        .single(gradient.scale())
        .addresses(tokens.targets(chunk.start), chunk.logits, chunk.losses)
        .run();
    products.backward(
        "input_gradient",
        new Products.Size(chunk.tokens, x.features(), chunk.vocabulary),
        chunk.logits,
        weight.address(),
        ((DeviceActivation) gradient.input()).address(chunk.start));
    Quanta one = new Quanta(chunk.tokens, chunk.tokens);
    Quanta.Pieces whole = one.pieces(chunk.tokens);
    products.weight(
        "weight_gradient",
        chunk.vocabulary,
        x.features(),
        one,
        whole,
        chunk.logits,
        x.address(chunk.start),
        partial);
    DeviceFloats sumOfAll = (DeviceFloats) gradient.weight();
    sums.add(sumOfAll.length(), whole, partial, sumOfAll.address());
  }

  private static long logitBytes(Quanta quanta, int vocabulary) {
    return (long) Float.BYTES * Math.min(CHUNK, quanta.tokens()) * vocabulary;
  }

  /**
   * Some tokens.
   *
   * @param start the first
   * @param tokens how many
   * @param vocabulary of the head
   * @param logits address of theirs
   * @param losses address of theirs
   */
  private record Chunk(int start, int tokens, int vocabulary, long logits, long losses) {}
}
