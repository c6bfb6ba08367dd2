package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import dev.sweeprunner.train.kernels.Kernels.Tables;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A token table and a head, of 32 features; the hidden states are what the test uploads. */
final class SmallModel {
  static final int ROWS = 5;
  static final int LENGTH = 4;
  static final int VOCABULARY = 7;
  static final int FEATURES = 32;

  final Kernels kernels;
  final Tokens tokens;
  final Trainable table;
  final Trainable weight;
  final Activation embedded;
  final Activation hidden;
  final Activation hiddenGradient;
  final Total loss;
  final Total norm;
  final List<Trainable> parameters;

  SmallModel(Kernels kernels) {
    this.kernels = kernels;
    this.table = trainable();
    this.weight = trainable();
    this.parameters = List.of(table, weight);
    this.tokens = kernels.tokens(ROWS, LENGTH, new Tokens.Ranges(VOCABULARY, VOCABULARY, 0));
    this.embedded = kernels.activation(ROWS, LENGTH, FEATURES, Precision.FULL);
    this.hidden = kernels.activation(ROWS, LENGTH, FEATURES, Precision.PRODUCT);
    this.hiddenGradient = kernels.activation(ROWS, LENGTH, FEATURES, Precision.FULL);
    this.loss = kernels.total();
    this.norm = kernels.total();
    kernels.allocate();
    kernels.upload(numbers(table.value().length(), 1), table.value());
    kernels.upload(numbers(weight.value().length(), 2), weight.value());
    kernels.upload(numbers(ROWS * LENGTH * FEATURES, 3), ROWS, hidden);
  }

  /** A batch whose ids and targets start at this number. */
  void put(int first) {
    int[] ids = new int[ROWS * LENGTH];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (first + i) % VOCABULARY;
    }
    kernels.put(tokens, ROWS, ids, ids, new int[0]);
    Arrays.fill(ids, -100);
  }

  /** A program that embeds the batch. */
  Runnable lookups() {
    return kernels.program(() -> kernels.embed(ROWS, tokens, tables(), embedded));
  }

  /** A program that adds to the loss and to all gradients. */
  Runnable pass() {
    return kernels.program(
        () -> {
          kernels.head(
              ROWS,
              hidden,
              weight.value(),
              tokens,
              new HeadGradient(1, hiddenGradient, weight.gradient()),
              loss);
          kernels.embedBackward(ROWS, tokens, hiddenGradient, tables());
        });
  }

  void update(long step) {
    kernels.update(parameters, new AdamW(0.9, 0.95, 0.1, 1), 1e-2, step, norm);
  }

  /** The embedded token's row of the table. */
  float[] row(int token) {
    float[] all = kernels.download(ROWS, embedded);
    return Arrays.copyOfRange(all, token * FEATURES, (token + 1) * FEATURES);
  }

  static float[] tableRow(int id) {
    float[] all = numbers(VOCABULARY * FEATURES, 1);
    return Arrays.copyOfRange(all, id * FEATURES, (id + 1) * FEATURES);
  }

  private Trainable trainable() {
    int length = VOCABULARY * FEATURES;
    Floats value = kernels.matrix(VOCABULARY, FEATURES);
    return new Trainable(
        value, kernels.floats(length), kernels.floats(length), kernels.floats(length), true);
  }

  private Tables tables() {
    return new Tables(table, null, null);
  }

  private static float[] numbers(int count, long seed) {
    var random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
