package dev.sweeprunner.train.cpu;

import static dev.sweeprunner.train.cpu.SimdTiles.LANES;
import static dev.sweeprunner.train.cpu.SimdTiles.PANEL;
import static dev.sweeprunner.train.cpu.SimdTiles.SPECIES;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The head's passes in the Vector API, with the bits of {@link PlainHeadLoops}.
 *
 * <p>A tile is {@value #ROWS} rows by one panel, so that what is made of its logits stays in the
 * first-level cache. The logits themselves are kept from the first pass for the second, since
 * reading them back is faster than computing them again: twice as fast at 128 features.
 */
final class SimdHeadLoops implements HeadLoops {
  /** Tokens of a span: some whole panels, in one sum of the second pass. */
  private static final int SPAN = SimdTiles.panels(96) * PANEL;

  /** Vocabulary rows that go into the gradient together, where no larger logit is among them. */
  private static final int WINDOW = 3 * ROWS;

  private static final int TILE = 8;
  private static final int INPUT = 9;
  private static final int SUMS = 10;
  private static final int LOGITS = 11;
  private static final int SOFTMAX = 12;

  private final int threads;
  private final long most;

  /** By span of the group: the logits, (panel, vocabulary row, token). */
  private float[][] logits = new float[0][0];

  /** By span of the group: the hidden states, (panel of features, token, feature). */
  private float[][] states = new float[0][0];

  /**
   * @param threads that share a group's spans
   * @param most bytes of logits to keep; those of one span are kept even so
   */
  SimdHeadLoops(int threads, long most) {
    this.threads = threads;
    this.most = most;
  }

  @Override
  public int spanOf(int width) {
    return SPAN;
  }

  /** What the memory is enough for, in equal shares for the threads where they can be. */
  @Override
  public int spansAtOnce(int vocabulary) {
    long spans = Math.min(most / ((long) Float.BYTES * SPAN * vocabulary), 1 << 16);
    return (int) (spans > threads ? spans / threads * threads : Math.max(1, spans));
  }

  @Override
  public int strideOf(int features) {
    return SimdTiles.panels(features) * PANEL;
  }

  @Override
  public void begin(int spans) {
    if (logits.length < spans) {
      logits = Arrays.copyOf(logits, spans);
      states = Arrays.copyOf(states, spans);
    }
  }

  @Override
  public void first(
      Span span,
      float[][] x,
      HeadKernel.Matrix matrix,
      float[] top,
      float[] sum,
      float @Nullable [][] sums,
      ThreadScratch scratch) {
    int features = matrix.features();
    int tokens = span.count();
    float[] input = scratch.row(INPUT, SPAN * features);
    for (int j = 0; j < tokens; j += PANEL) {
      SimdTiles.pack(x, features, span.from() + j, span.from() + tokens, input, j * features);
    }
    float[] gradient = null;
    float[] kept = scratch.row(LOGITS, ROWS * PANEL);
    if (sums != null) {
      gradient = scratch.row(SUMS, SPAN * features);
      Arrays.fill(gradient, 0, SPAN * features, 0f);
      kept = keep(span, x, matrix.count());
    }
    float[] tile = scratch.row(TILE, Math.max(WINDOW * PANEL, ROWS * SPAN));
    Softmax softmax = new Softmax(scratch.rows(SOFTMAX, 3, SPAN));
    float[] w = matrix.weight();
    for (int v = 0; v < matrix.count(); v += WINDOW) {
      int end = Math.min(v + WINDOW, matrix.count());
      for (int j = 0; j < tokens; j += PANEL) {
        int added = v;
        for (int r = v; r < end; r += ROWS) {
          int count = Math.min(ROWS, end - r);
          int to = gradient == null ? 0 : j * matrix.count() + r * PANEL;
          SimdTiles.setProducts(
              w, r * features, features, 1, count, input, j * features, features, kept, to);
          if (softmax.raise(kept, to, count, j) && gradient != null) {
            add(w, features, added, r, tile, (added - v) * PANEL, gradient, j * features);
            softmax.scale(gradient, j * features, features);
            added = r;
          }
          softmax.take(kept, to, count, j, tile, (r - v) * PANEL);
        }
        if (gradient != null) {
          add(w, features, added, end, tile, (added - v) * PANEL, gradient, j * features);
        }
      }
    }
    System.arraycopy(softmax.top, 0, top, 0, tokens);
    System.arraycopy(softmax.sum, 0, sum, 0, tokens);
    for (int j = 0; gradient != null && sums != null && j < tokens; j += PANEL) {
      SimdTiles.unpack(
          gradient, j * features, features, sums, 0, span.from() + j, span.from() + tokens);
    }
  }

  /** Adds the rows [from, end) of the matrix, by their exponentials, to a panel's gradient. */
  private static void add(
      float[] w, int features, int from, int end, float[] tile, int at, float[] gradient, int to) {
    SimdTiles.addProducts(
        w, from * features, 1, features, features, tile, at, end - from, gradient, to);
  }

  /** Turns the hidden states for the second pass; returns where the logits go. */
  private float[] keep(Span span, float[][] x, int vocabulary) {
    int number = span.number();
    if (logits[number] == null || logits[number].length < SPAN * vocabulary) {
      logits[number] = new float[SPAN * vocabulary];
    }
    if (states[number] == null || states[number].length < strideOf(x.length) * SPAN) {
      states[number] = new float[strideOf(x.length) * SPAN];
    }
    for (int c = 0; c < x.length; c++) {
      int panel = c / PANEL * PANEL * SPAN;
      SimdTiles.turn(x[c], span.from(), span.count(), states[number], panel + c % PANEL);
    }
    return logits[number];
  }

  @Override
  public void second(
      List<Span> group,
      HostActivation x,
      HeadKernel.Matrix piece,
      int[] targets,
      float[] logSums,
      float[] sums,
      ThreadScratch scratch) {
    int stride = strideOf(x.features());
    int vocabulary = piece.weight().length / x.features();
    float[] tile = scratch.row(TILE, ROWS * SPAN);
    for (int v = piece.first(); v < piece.first() + piece.count(); v += ROWS) {
      int rows = Math.min(ROWS, piece.first() + piece.count() - v);
      for (Span span : group) {
        float[] kept = logits[span.number()];
        for (int j = 0; j < span.count(); j += PANEL) {
          int from = j * vocabulary + v * PANEL;
          SimdTiles.exp(kept, from, rows, logSums, span.firstToken() + j, tile, j, SPAN);
        }
        leaveOut(span, targets, tile, rows);
        float[] state = states[span.number()];
        for (int c = 0; c < stride; c += PANEL) {
          int to = v * stride + c;
          SimdTiles.addProducts(
              tile, 0, SPAN, 1, rows, state, c * SPAN, span.count(), sums, to, stride);
        }
      }
    }
  }

  /** Takes the tokens that do not count from a tile's probabilities. */
  private static void leaveOut(Span span, int[] targets, float[] tile, int rows) {
    for (int j = 0; j < span.count(); j++) {
      if (targets[span.firstToken() + j] < 0) {
        for (int i = 0; i < rows; i++) {
          tile[j + i * SPAN] *= 0f; // What is no number stays none, as in the plain loops.
        }
      }
    }
  }

  /** The online softmax of a span: by token the largest logit so far, and the sum. */
  private static final class Softmax {
    private final float[] top;
    private final float[] sum;
    private final float[] factor;

    Softmax(float[][] lines) {
      this.top = lines[0];
      this.sum = lines[1];
      this.factor = lines[2];
      Arrays.fill(top, -Float.MAX_VALUE);
      Arrays.fill(sum, 0f);
    }

    /**
     * Takes the logits of some rows for the panel from token j on into the largest so far. Where
     * that is another now, what was summed up by the one before is to be {@link #scale}d.
     */
    boolean raise(float[] logits, int at, int rows, int j) {
      FloatVector a = FloatVector.fromArray(SPECIES, top, j);
      FloatVector b = FloatVector.fromArray(SPECIES, top, j + LANES);
      FloatVector p = a;
      FloatVector q = b;
      for (int i = 0; i < rows; i++) {
        FloatVector r = FloatVector.fromArray(SPECIES, logits, at + i * PANEL);
        FloatVector s = FloatVector.fromArray(SPECIES, logits, at + i * PANEL + LANES);
        p = p.blend(r, r.compare(VectorOperators.GT, p));
        q = q.blend(s, s.compare(VectorOperators.GT, q));
      }
      if (!p.compare(VectorOperators.GT, a).or(q.compare(VectorOperators.GT, b)).anyTrue()) {
        return false;
      }
      System.arraycopy(top, j, factor, 0, PANEL);
      p.intoArray(top, j);
      q.intoArray(top, j + LANES);
      SimdTiles.exp(factor, 0, 1, top, j, factor, 0, PANEL);
      scale(sum, j, 1);
      return true;
    }

    void scale(float[] panel, int at, int rows) {
      FloatVector p = FloatVector.fromArray(SPECIES, factor, 0);
      FloatVector q = FloatVector.fromArray(SPECIES, factor, LANES);
      for (int r = 0; r < rows; r++) {
        int i = at + r * PANEL;
        FloatVector.fromArray(SPECIES, panel, i).mul(p).intoArray(panel, i);
        FloatVector.fromArray(SPECIES, panel, i + LANES).mul(q).intoArray(panel, i + LANES);
      }
    }

    /** Sets the tile to exp(logit − top), and adds it to the sums. */
    void take(float[] logits, int at, int rows, int j, float[] tile, int to) {
      SimdTiles.exp(logits, at, rows, top, j, tile, to, PANEL);
      FloatVector a = FloatVector.zero(SPECIES);
      FloatVector b = FloatVector.zero(SPECIES);
      for (int i = 0; i < rows; i++) {
        a = a.add(FloatVector.fromArray(SPECIES, tile, to + i * PANEL));
        b = b.add(FloatVector.fromArray(SPECIES, tile, to + i * PANEL + LANES));
      }
      a.add(FloatVector.fromArray(SPECIES, sum, j)).intoArray(sum, j);
      b.add(FloatVector.fromArray(SPECIES, sum, j + LANES)).intoArray(sum, j + LANES);
    }
  }
}
