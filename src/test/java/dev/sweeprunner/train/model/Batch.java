package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.CounterRandom;
import dev.sweeprunner.train.kernels.Dropouts.Draw;
import java.util.Arrays;

/** Ids of a few rows for the tests of the model. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Batch(int rows, int[] inputs, int[] targets, int[] compartments, Draw draw) {

  /** Of which nothing is dropped. */
  Batch(int rows, int[] inputs, int[] targets, int[] compartments) {
    this(rows, inputs, targets, compartments, Draw.NONE);
  }

  Batch with(Draw other) {
    return new Batch(rows, inputs, targets, compartments, other);
  }

  /** Random ids; about one target in five counts nothing. */
  static Batch random(ModelShape shape, int rows, long seed) {
    int count = rows * shape.blockSize();
    CounterRandom random = CounterRandom.of(seed, "batch");
    Draw draw = new Draw(random.bits(4, 0), shape.blockSize() * random.bounded(5, 0, 1L << 40));
    Batch batch = new Batch(rows, new int[count], new int[count], new int[count], draw);
    for (int i = 0; i < count; i++) {
      batch.inputs[i] = random.bounded(0, i, shape.vocabulary());
      boolean ignored = random.bounded(1, i, 5) == 0;
      batch.targets[i] = ignored ? -1 : random.bounded(2, i, shape.vocabulary());
      batch.compartments[i] = random.bounded(3, i, Math.max(1, shape.toldCompartments()));
    }
    return batch;
  }

  double accumulate(Gpt model, float scale) {
    return accumulate(model, scale, scale);
  }

  double accumulate(Gpt model, float scale, float tellingScale) {
    int length = inputs.length / rows;
    for (int from = 0; from < rows; from += model.rowsAtOnce()) {
      int count = Math.min(model.rowsAtOnce(), rows - from);
      model.put(
          count,
          part(inputs, from * length, count * length),
          part(targets, from * length, count * length),
          part(compartments, from * length, count * length),
          new Draw(draw.bits(), draw.firstToken() + (long) from * length));
      model.accumulate(count, scale, tellingScale);
    }
    return model.takeLoss();
  }

  private static int[] part(int[] values, int from, int count) {
    return Arrays.copyOfRange(values, from, from + count);
  }

  double loss(Gpt model) {
    return model.loss(rows, inputs, targets, compartments);
  }
}
