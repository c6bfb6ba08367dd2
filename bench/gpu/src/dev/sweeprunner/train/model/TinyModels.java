package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The least that launches every kernel: plain calls, a recording, a replay, and an evaluation of
 * each model. Its sizes are no multiples of any tile, so that the edges are reached.
 */
public final class TinyModels {
  private static final int STEPS = 3;

  private TinyModels() {}

  /** The last loss of each model. */
  public static Map<String, Double> train(BackEnd gpu) {
    Map<String, Double> losses = new LinkedHashMap<>();
    // The head has kernels for each size; heads of 32 and rows of 64 take the fast attention.
    for (int embd : new int[] {32, 64, 128, 256}) {
      losses.put("bfloat16 " + embd, train(gpu, true, shape(embd / 32, embd, 64, 3, false)));
    }
    losses.put("bfloat16 16, rope, bias", train(gpu, true, shape(2, 16, 24, 0, true)));
    losses.put("float32 20, rope, bias", train(gpu, false, shape(2, 20, 24, 0, true)));
    losses.put("float32 32", train(gpu, false, shape(1, 32, 64, 3, false)));
    for (boolean bfloat16 : new boolean[] {true, false}) {
      String name = (bfloat16 ? "bfloat16" : "float32") + " 32, dropout";
      losses.put(name, train(gpu, bfloat16, shape(2, 32, 24, 0, false).dropping(0.2)));
    }
    ModelShape told = shape(2, 32, 24, 3, false);
    losses.put(
        "bfloat16 32, discriminators",
        train(gpu, true, told.against(new Adversary(List.of(0), 20, 3, 0.5))));
    return losses;
  }

  private static ModelShape shape(int heads, int embd, int length, int compartments, boolean rope) {
    return new ModelShape(
        1, heads, embd, length, 301, 150, compartments, rope, false, rope, rope, 10_000);
  }

  private static double train(BackEnd gpu, boolean bfloat16, ModelShape shape) {
    int rows = 3;
    Batch batch = Batch.random(shape, rows, 1);
    try (Kernels kernels =
            gpu.open(new BackEnd.Wish(bfloat16, shape.embd(), rows * shape.blockSize()));
        Gpt model = new Gpt(kernels, shape, rows)) {
      model.initialise(1);
      for (int step = 1; step <= STEPS; step++) {
        batch.accumulate(model, 1f / (rows * shape.blockSize()));
        model.update(new AdamW(0.9, 0.95, 0.1, 1), 1e-3, step);
        model.takeNorm();
      }
      return batch.loss(model) / (rows * shape.blockSize());
    }
  }
}
