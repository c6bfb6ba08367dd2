package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Dropouts.Draw;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The model in double precision, as plainly as it can be written: token by token, whole matrices of
 * scores and logits, nothing fused, nothing shared with the code under test but the shape and the
 * parameters' names.
 */
final class ReferenceGpt {
  private final ModelShape shape;
  private final Map<String, double[]> weights;
  private final Map<String, double[]> gradients = new HashMap<>();
  private final int embd;

  private final ReferenceDiscriminators discriminators;
  private double tellingWeight = 1;
  private double telling;

  /** Of the sequence that is being worked on. */
  private ReferenceDrops drops;

  ReferenceGpt(ModelShape shape, Map<String, double[]> weights) {
    this.shape = shape;
    this.weights = weights;
    this.embd = shape.embd();
    this.drops = new ReferenceDrops(shape, Draw.NONE, 0);
    weights.forEach((name, values) -> gradients.put(name, new double[values.length]));
    this.discriminators = new ReferenceDiscriminators(shape, weights, gradients);
  }

  ModelShape shape() {
    return shape;
  }

  /** The gradients of the newest pass. */
  Map<String, double[]> gradients() {
    return gradients;
  }

  /** Sum of the cross-entropies of all rows; sets the gradients. */
  double pass(Batch batch) {
    return pass(batch, 1);
  }

  /**
   * The same.
   *
   * @param tellingWeight of the discriminators' cross-entropies among the gradients
   */
  double pass(Batch batch, double tellingWeight) {
    this.tellingWeight = tellingWeight;
    gradients.values().forEach(g -> Arrays.fill(g, 0));
    return sum(batch, true);
  }

  /** Sum of the cross-entropies of all rows; leaves the gradients. */
  double loss(Batch batch) {
    return sum(batch, false);
  }

  /**
   * Sum of the rows' cross-entropies, in the mean of discriminators, in the newest pass or loss.
   */
  double telling() {
    return telling;
  }

  private double sum(Batch batch, boolean backward) {
    double sum = 0;
    telling = 0;
    for (int row = 0; row < batch.rows(); row++) {
      sum += sequence(batch, row * shape.blockSize(), backward);
    }
    return sum;
  }

  private double sequence(Batch batch, int at, boolean backward) {
    int length = shape.blockSize();
    drops = new ReferenceDrops(shape, batch.draw(), at);
    double[][] x = new double[length][embd];
    for (int t = 0; t < length; t++) {
      lookUp("transformer.wte.weight", inputRow(batch.inputs()[at + t]), x[t]);
      lookUp("transformer.wpe.weight", t, x[t]);
      lookUp("transformer.wce.weight", batch.compartments()[at + t], x[t]);
    }
    drops.drop(0, x);
    Layer[] layers = new Layer[shape.layers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = new Layer(i, x);
      x = layers[i].out;
    }
    Normed last = new Normed("transformer.ln_f", x);
    double[][] upper = new double[length][embd];
    double sum = 0;
    for (int t = 0; t < length; t++) {
      double @Nullable [] xGradient = backward ? upper[t] : null;
      sum += crossEntropy(last.out[t], batch.targets()[at + t], xGradient);
    }
    if (!backward) {
      for (int i = 0; i < layers.length; i++) {
        telling += discriminators.pass(i, layers[i].out, batch.compartments()[at], 0, null);
      }
      return sum;
    }
    double[][] flow = last.backward(upper);
    for (int i = layers.length - 1; i >= 0; i--) {
      telling +=
          discriminators.pass(i, layers[i].out, batch.compartments()[at], tellingWeight, flow);
      flow = layers[i].backward(flow);
    }
    drops.drop(0, flow);
    for (int t = 0; t < length; t++) {
      addTo("transformer.wte.weight", inputRow(batch.inputs()[at + t]), flow[t]);
      addTo("transformer.wpe.weight", t, flow[t]);
      addTo("transformer.wce.weight", batch.compartments()[at + t], flow[t]);
    }
    return sum;
  }

  private int inputRow(int id) {
    boolean translation = id == shape.vocabulary() - 1;
    int base = shape.baseVocabulary();
    if (!shape.sharedTokens() || translation) {
      return translation && shape.sharedTokens() ? base : id;
    }
    int own = shape.untied().size();
    return own == 0 || id < base ? id % base : shape.untied().get((id - base) % own);
  }

  private void lookUp(String table, int row, double[] to) {
    double @Nullable [] values = weights.get(table);
    for (int c = 0; values != null && c < embd; c++) {
      to[c] += values[row * embd + c];
    }
  }

  private void addTo(String table, int row, double[] from) {
    double @Nullable [] gradient = gradients.get(table);
    for (int c = 0; gradient != null && c < embd; c++) {
      gradient[row * embd + c] += from[c];
    }
  }

  private double crossEntropy(double[] x, int target, double @Nullable [] xGradient) {
    if (target == -1) {
      return 0;
    }
    String name = shape.tied() ? "transformer.wte.weight" : "lm_head.weight";
    double[] matrix = Named.in(weights, name);
    double[] logits = new double[shape.vocabulary()];
    double total = 0;
    for (int v = 0; v < logits.length; v++) {
      for (int c = 0; c < embd; c++) {
        logits[v] += matrix[v * embd + c] * x[c];
      }
      total += Math.exp(logits[v]);
    }
    for (int v = 0; xGradient != null && v < logits.length; v++) {
      double change = Math.exp(logits[v]) / total - (v == target ? 1 : 0);
      for (int c = 0; c < embd; c++) {
        xGradient[c] += change * matrix[v * embd + c];
        Named.in(gradients, name)[v * embd + c] += change * x[c];
      }
    }
    return Math.log(total) - logits[target];
  }

  /** One block on one sequence. */
  private final class Layer {
    final int place;
    final Normed norm1;
    final Linear qkv;
    final Attention attention;
    final Linear project;
    final Normed norm2;
    final Linear widen;
    final Linear narrow;
    final double[][] out;

    Layer(int layer, double[][] x) {
      String prefix = "transformer.h." + layer + ".";
      place = 3 * layer + 1;
      norm1 = new Normed(prefix + "ln_1", x);
      qkv = new Linear(prefix + "attn.c_attn", norm1.out, 3 * embd);
      attention = new Attention(place, qkv.out);
      project = new Linear(prefix + "attn.c_proj", attention.out, embd);
      double[][] middle = sum(x, drops.dropped(place + 1, project.out));
      norm2 = new Normed(prefix + "ln_2", middle);
      widen = new Linear(prefix + "mlp.c_fc", norm2.out, 4 * embd);
      narrow = new Linear(prefix + "mlp.c_proj", mapped(widen.out, ReferenceGpt::gelu), embd);
      out = sum(middle, drops.dropped(place + 2, narrow.out));
    }

    double[][] backward(double[][] upper) {
      double[][] bent = narrow.backward(drops.dropped(place + 2, upper));
      double[][] slope = mapped(widen.out, ReferenceGpt::geluSlope);
      for (int t = 0; t < bent.length; t++) {
        for (int c = 0; c < bent[t].length; c++) {
          bent[t][c] *= slope[t][c];
        }
      }
      double[][] middle = sum(upper, norm2.backward(widen.backward(bent)));
      double[][] projected = drops.dropped(place + 1, middle);
      double[][] attended = attention.backward(project.backward(projected));
      return sum(middle, norm1.backward(qkv.backward(attended)));
    }
  }

  private final class Linear {
    final String name;
    final double[][] in;
    final double[][] out;

    Linear(String name, double[][] in, int outs) {
      this.name = name;
      this.in = in;
      this.out = new double[in.length][outs];
      double[] w = Named.in(weights, name + ".weight");
      double @Nullable [] b = weights.get(name + ".bias");
      for (int t = 0; t < in.length; t++) {
        for (int o = 0; o < outs; o++) {
          double sum = b == null ? 0 : b[o];
          for (int i = 0; i < in[t].length; i++) {
            sum += w[o * in[t].length + i] * in[t][i];
          }
          out[t][o] = sum;
        }
      }
    }

    double[][] backward(double[][] upper) {
      double[] w = Named.in(weights, name + ".weight");
      double[] wGradient = Named.in(gradients, name + ".weight");
      double @Nullable [] bGradient = gradients.get(name + ".bias");
      int ins = in[0].length;
      double[][] down = new double[in.length][ins];
      for (int t = 0; t < in.length; t++) {
        for (int o = 0; o < upper[t].length; o++) {
          for (int i = 0; i < ins; i++) {
            down[t][i] += w[o * ins + i] * upper[t][o];
            wGradient[o * ins + i] += in[t][i] * upper[t][o];
          }
          if (bGradient != null) {
            bGradient[o] += upper[t][o];
          }
        }
      }
      return down;
    }
  }

  private final class Normed {
    final String name;
    final double[][] hat;
    final double[] inverse;
    final double[][] out;

    Normed(String name, double[][] x) {
      this.name = name;
      this.hat = new double[x.length][embd];
      this.out = new double[x.length][embd];
      this.inverse = new double[x.length];
      double @Nullable [] bias = weights.get(name + ".bias");
      for (int t = 0; t < x.length; t++) {
        double mean = Arrays.stream(x[t]).average().orElseThrow();
        double variance =
            Arrays.stream(x[t]).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        inverse[t] = 1 / Math.sqrt(variance + 1e-5);
        for (int c = 0; c < embd; c++) {
          hat[t][c] = (x[t][c] - mean) * inverse[t];
          double shift = bias == null ? 0 : bias[c];
          out[t][c] = hat[t][c] * Named.in(weights, name + ".weight")[c] + shift;
        }
      }
    }

    double[][] backward(double[][] upper) {
      double[] w = Named.in(weights, name + ".weight");
      double @Nullable [] bGradient = gradients.get(name + ".bias");
      double[][] down = new double[upper.length][embd];
      for (int t = 0; t < upper.length; t++) {
        double plain = 0;
        double along = 0;
        for (int c = 0; c < embd; c++) {
          Named.in(gradients, name + ".weight")[c] += upper[t][c] * hat[t][c];
          if (bGradient != null) {
            bGradient[c] += upper[t][c];
          }
          plain += upper[t][c] * w[c] / embd;
          along += upper[t][c] * w[c] * hat[t][c] / embd;
        }
        for (int c = 0; c < embd; c++) {
          down[t][c] = inverse[t] * (upper[t][c] * w[c] - plain - hat[t][c] * along);
        }
      }
      return down;
    }
  }

  private final class Attention {
    final int size = shape.headSize();
    final int place;
    final double[][] qkv;
    final double[][][] shares;
    final double[][] out;

    Attention(int place, double[][] given) {
      this.place = place;
      int length = given.length;
      qkv = shape.rope() ? turned(given, 1) : given;
      shares = new double[shape.heads()][length][length];
      out = new double[length][embd];
      for (int h = 0; h < shape.heads(); h++) {
        for (int i = 0; i < length; i++) {
          double total = 0;
          for (int j = 0; j <= i; j++) {
            shares[h][i][j] = Math.exp(dot(qkv[i], h * size, qkv[j], embd + h * size));
            total += shares[h][i][j];
          }
          for (int j = 0; j <= i; j++) {
            shares[h][i][j] /= total;
            for (int d = 0; d < size; d++) {
              double share = shares[h][i][j] * drops.weight(place, h, i, j);
              out[i][h * size + d] += share * qkv[j][2 * embd + h * size + d];
            }
          }
        }
      }
    }

    double[][] backward(double[][] upper) {
      double[][] down = new double[qkv.length][3 * embd];
      for (int h = 0; h < shape.heads(); h++) {
        for (int i = 0; i < qkv.length; i++) {
          headBackward(h, i, upper[i], down);
        }
      }
      return shape.rope() ? turned(down, -1) : down;
    }

    private void headBackward(int h, int i, double[] upper, double[][] down) {
      double[] change = new double[i + 1];
      double mean = 0;
      for (int j = 0; j <= i; j++) {
        for (int d = 0; d < size; d++) {
          double kept = drops.weight(place, h, i, j);
          change[j] += kept * upper[h * size + d] * qkv[j][2 * embd + h * size + d];
          down[j][2 * embd + h * size + d] += kept * shares[h][i][j] * upper[h * size + d];
        }
        mean += shares[h][i][j] * change[j];
      }
      for (int j = 0; j <= i; j++) {
        double score = shares[h][i][j] * (change[j] - mean) / Math.sqrt(size);
        for (int d = 0; d < size; d++) {
          down[i][h * size + d] += score * qkv[j][embd + h * size + d];
          down[j][embd + h * size + d] += score * qkv[i][h * size + d];
        }
      }
    }

    private double dot(double[] a, int from, double[] b, int other) {
      double sum = 0;
      for (int d = 0; d < size; d++) {
        sum += a[from + d] * b[other + d];
      }
      return sum / Math.sqrt(size);
    }

    /** Multiplies the complex number (feature d, feature d + size/2) by e^(i · sign · angle). */
    private double[][] turned(double[][] given, int sign) {
      double[][] result = new double[given.length][];
      for (int t = 0; t < given.length; t++) {
        result[t] = given[t].clone();
        for (int head = 0; head < 2 * shape.heads(); head++) {
          for (int d = 0; d < size / 2; d++) {
            double angle = sign * t * Math.pow(shape.ropeBase(), -2.0 * d / size);
            double re = given[t][head * size + d];
            double im = given[t][head * size + d + size / 2];
            result[t][head * size + d] = re * Math.cos(angle) - im * Math.sin(angle);
            result[t][head * size + d + size / 2] = re * Math.sin(angle) + im * Math.cos(angle);
          }
        }
      }
      return result;
    }
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] result = new double[a.length][a[0].length];
    for (int t = 0; t < a.length; t++) {
      for (int c = 0; c < a[t].length; c++) {
        result[t][c] = a[t][c] + b[t][c];
      }
    }
    return result;
  }

  private static double[][] mapped(double[][] x, DoubleUnaryOperator map) {
    double[][] result = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      result[t] = Arrays.stream(x[t]).map(map).toArray();
    }
    return result;
  }

  static double gelu(double x) {
    return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
  }

  static double geluSlope(double x) {
    return 0.5 * (1 + erf(x / Math.sqrt(2))) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1)): all terms of one sign. */
  static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
