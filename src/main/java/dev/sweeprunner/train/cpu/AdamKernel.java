package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The global gradient norm and AdamW, a piece of a parameter at a time. */
final class AdamKernel {
  private static final int PIECE = 4096;

  private final ThreadPool pool;

  AdamKernel(ThreadPool pool) {
    this.pool = pool;
  }

  double update(List<Trainable> parameters, AdamW settings, double learningRate, long step) {
    List<Piece> pieces = pieces(parameters);
    double[] squares = new double[pieces.size()];
    pool.run(
        pieces.size(),
        2L * PIECE * pieces.size(),
        (i, scratch) -> squares[i] = pieces.get(i).squares());
    double norm = Math.sqrt(treeSum(squares));
    AdamW.Factors factors = settings.factors(learningRate, step);
    float clip = (float) settings.clipCoefficient(norm);
    pool.run(
        pieces.size(),
        16L * PIECE * pieces.size(),
        (i, scratch) -> pieces.get(i).update(factors, clip));
    return norm;
  }

  /** Adds neighbours, then neighbours of those, and so on. */
  private static double treeSum(double[] values) {
    for (int step = 1; step < values.length; step *= 2) {
      for (int i = 0; i + step < values.length; i += 2 * step) {
        values[i] += values[i + step];
      }
    }
    return values.length == 0 ? 0 : values[0];
  }

  private static List<Piece> pieces(List<Trainable> parameters) {
    List<Piece> pieces = new ArrayList<>();
    for (Trainable parameter : parameters) {
      int length = parameter.value().length();
      for (int from = 0; from < length; from += PIECE) {
        pieces.add(new Piece(parameter, from, Math.min(length, from + PIECE)));
      }
    }
    return pieces;
  }

  private record Piece(Trainable parameter, int from, int to) {
    double squares() {
      float[] gradient = HostFloats.values(parameter.gradient());
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      int j = from;
      for (; j + 4 <= to; j += 4) {
        s0 += (double) gradient[j] * gradient[j];
        s1 += (double) gradient[j + 1] * gradient[j + 1];
        s2 += (double) gradient[j + 2] * gradient[j + 2];
        s3 += (double) gradient[j + 3] * gradient[j + 3];
      }
      for (; j < to; j++) {
        s0 += (double) gradient[j] * gradient[j];
      }
      return (s0 + s1) + (s2 + s3);
    }

    void update(AdamW.Factors f, float clip) {
      float[] gradient = HostFloats.values(parameter.gradient());
      float[] first = HostFloats.values(parameter.first());
      float[] second = HostFloats.values(parameter.second());
      float decay = parameter.decays() ? f.decay() : 1f;
      moments(gradient, first, second, f, clip, from, to);
      step(HostFloats.values(parameter.value()), first, second, decay, f, from, to);
      Arrays.fill(gradient, from, to, 0f);
    }

    private static void moments(
        float[] gradient,
        float[] first,
        float[] second,
        AdamW.Factors f,
        float clip,
        int from,
        int to) {
      float keep1 = f.keep1();
      float take1 = f.take1();
      float keep2 = f.keep2();
      float take2 = f.take2();
      for (int j = from; j < to; j++) {
        float g = gradient[j] * clip;
        first[j] = Math.fma(keep1, first[j], take1 * g);
        second[j] = Math.fma(keep2, second[j], take2 * (g * g));
      }
    }

    private static void step(
        float[] value,
        float[] first,
        float[] second,
        float decay,
        AdamW.Factors f,
        int from,
        int to) {
      float rate = f.rate();
      float root2 = f.root2();
      float epsilon = (float) AdamW.EPSILON;
      for (int j = from; j < to; j++) {
        float deviation = (float) Math.sqrt(second[j]) / root2 + epsilon;
        value[j] = Math.fma(value[j], decay, rate * first[j] / deviation);
      }
    }
  }
}
