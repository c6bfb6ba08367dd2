package dev.sweeprunner.train.model;

import dev.sweeprunner.train.cuda.CudaBackEnd;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.List;

/**
 * Trains a step on the GPU of this process and prints the bits of its loss, norm and weights:
 * {@code GpuBits TOKENS_AT_ONCE}.
 */
final class GpuBits {
  /** Three quanta of the longer rows, the last one not full. */
  private static final int ROWS = 260;

  private GpuBits() {}

  public static void main(String[] arguments) throws Exception {
    BackEnd gpu = CudaBackEnd.find(0, (name, content, load) -> load.run());
    int tokens = Integer.parseInt(arguments[0]);
    System.out.println("bfloat16 " + bits(gpu, true, fast(), tokens));
    System.out.println("float32 " + bits(gpu, false, general(), tokens));
  }

  /** Head size 32 and rows of 64 tokens: the kernels for tensor cores; and a discriminator. */
  private static ModelShape fast() {
    return new ModelShape(1, 1, 32, 64, 70, 35, 2, true, false, false, false, 1)
        .against(new Adversary(List.of(0), 5, 2, 0.5));
  }

  /** With dropout, whose attention is the general one's text. */
  private static ModelShape general() {
    return new ModelShape(1, 3, 12, 64, 45, 22, 2, false, true, false, true, 10_000).dropping(0.2);
  }

  private static String bits(BackEnd gpu, boolean bfloat16, ModelShape shape, int tokens) {
    BackEnd.Wish wish = new BackEnd.Wish(bfloat16, shape.embd(), tokens);
    try (Kernels kernels = gpu.open(wish);
        Gpt model = new Gpt(kernels, shape, ROWS)) {
      model.initialise(64);
      double loss = Batch.random(shape, ROWS, 1).accumulate(model, 1f / (ROWS * shape.blockSize()));
      model.update(new AdamW(0.9, 0.95, 0.1, 1.0), 1e-2, 1);
      return loss + " " + model.takeNorm() + " " + Fingerprint.of(model);
    }
  }
}
