package dev.sweeprunner.train.cpu;

import static dev.sweeprunner.train.cpu.SimdTiles.LANES;
import static dev.sweeprunner.train.cpu.SimdTiles.PANEL;
import static dev.sweeprunner.train.cpu.SimdTiles.SPECIES;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The head's passes in the Vector API, with the bits of {@link PlainHeadLoops}.
 *
 * <p>A look's logits for one panel stay in the first-level cache. Their exponentials are kept from
 * the first pass for the second, since reading them back is faster than computing them again.
 */
final class SimdHeadLoops implements HeadLoops {
  /** Tokens of a long span: once for each the matrix comes from memory. */
  private static final int LONG = SimdTiles.panels(256) * PANEL;

  /** Tokens of a short one, where long ones were too few or too large; some whole panels. */
  private static final int SHORT = SimdTiles.panels(96) * PANEL;

  /** Tokens in one sum of the second pass: their probabilities stay in the first-level cache. */
  private static final int PART = SHORT;

  /** Vocabulary rows that go into the gradient together, where no top is raised among them. */
  private static final int WINDOW = 3 * ROWS;

  private static final int TILE = 8;
  private static final int INPUT = 9;
  private static final int SUMS = 10;
  private static final int SOFTMAX = 11;

  private final int threads;
  private final long most;

  /** By span of the group: the exponentials, (panel, vocabulary row, token). */
  private float[][] exponentials = new float[0][0];

  /** By span of the group: exp(the look's top − the last one), (panel, look, token). */
  private float[][] factors = new float[0][0];

  /** By span of the group: the hidden states, (panel of features, token, feature). */
  private float[][] states = new float[0][0];

  /**
   * @param threads that share a group's spans
   * @param most bytes of exponentials to keep; those of one span are kept even so
   */
  SimdHeadLoops(int threads, long most) {
    this.threads = threads;
    this.most = most;
  }

  /** Long ones, if each thread gets two of them, and the memory is enough for one each. */
  @Override
  public int spanOf(int width, int blocks, int vocabulary) {
    int parts = (width + LONG - 1) / LONG;
    int equal = (width + parts - 1) / parts;
    int tokens = Math.min(LONG, SimdTiles.panels(equal) * PANEL);
    boolean many = blocks >= 2 * threads && bytes(tokens, vocabulary) * threads <= most;
    return many ? tokens : Math.min(tokens, SHORT);
  }

  /** What the memory is enough for, in equal shares for the threads where they can be. */
  @Override
  public int spansAtOnce(int span, int vocabulary) {
    long spans = Math.min(most / bytes(span, vocabulary), 1 << 16);
    return (int) (spans > threads ? spans / threads * threads : Math.max(1, spans));
  }

  private static long bytes(int tokens, int vocabulary) {
    return (long) Float.BYTES * tokens * vocabulary;
  }

  @Override
  public int strideOf(int features) {
    return SimdTiles.panels(features) * PANEL;
  }

  @Override
  public void begin(int spans) {
    if (exponentials.length < spans) {
      exponentials = Arrays.copyOf(exponentials, spans);
      factors = Arrays.copyOf(factors, spans);
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
    int room = SimdTiles.panels(tokens) * PANEL;
    float[] input = scratch.row(INPUT, room * features);
    for (int j = 0; j < tokens; j += PANEL) {
      SimdTiles.pack(x, features, span.from() + j, span.from() + tokens, input, j * features);
    }
    SimdSoftmax softmax = new SimdSoftmax(scratch.rows(SOFTMAX, 4, LONG));
    if (sums == null) {
      new First(matrix, input, softmax, scratch.row(TILE, ROWS * PART), null, null).run(tokens);
    } else {
      keep(span, x, matrix.count());
      float[] gradient = scratch.row(SUMS, room * features);
      Arrays.fill(gradient, 0, room * features, 0f);
      float[] kept = exponentials[span.number()];
      float[] looks = factors[span.number()];
      new First(matrix, input, softmax, kept, looks, gradient).run(tokens);
      for (int j = 0; j < tokens; j += PANEL) {
        SimdTiles.unpack(
            gradient, j * features, features, sums, 0, span.from() + j, span.from() + tokens);
        softmax.toFactors(looks, j, HeadLoops.looks(matrix.count()));
      }
    }
    System.arraycopy(softmax.tops(), 0, top, 0, tokens);
    System.arraycopy(softmax.sums(), 0, sum, 0, tokens);
  }

  /** Makes room for what is kept, and turns the hidden states for the second pass. */
  private void keep(Span span, float[][] x, int vocabulary) {
    int number = span.number();
    int tokens = SimdTiles.panels(span.count()) * PANEL;
    exponentials[number] = room(exponentials[number], tokens * vocabulary);
    factors[number] = room(factors[number], tokens * HeadLoops.looks(vocabulary));
    states[number] = room(states[number], strideOf(x.length) * LONG);
    for (int c = 0; c < x.length; c++) {
      int panel = c / PANEL * PANEL * LONG;
      SimdTiles.turn(x[c], span.from(), span.count(), states[number], panel + c % PANEL);
    }
  }

  private static float[] room(float @Nullable [] held, int size) {
    return held == null || held.length < size ? new float[size] : held;
  }

  @Override
  public void second(
      List<Span> group,
      HostActivation x,
      HeadKernel.Matrix piece,
      float[] shares,
      float[] sums,
      ThreadScratch scratch) {
    int stride = strideOf(x.features());
    int vocabulary = piece.weight().length / x.features();
    float[] tile = scratch.row(TILE, ROWS * PART);
    for (int v = piece.first(); v < piece.first() + piece.count(); v += ROWS) {
      int rows = Math.min(ROWS, piece.first() + piece.count() - v);
      for (Span span : group) {
        float[] state = states[span.number()];
        for (int t = 0; t < span.count(); t += PART) {
          int tokens = Math.min(PART, span.count() - t);
          for (int j = 0; j < tokens; j += PANEL) {
            weigh(span, t + j, v, rows, vocabulary, shares, tile, j);
          }
          for (int c = 0; c < stride; c += PANEL) {
            int from = c * LONG + t * PANEL;
            int to = v * stride + c;
            SimdTiles.addProducts(tile, 0, PART, 1, rows, state, from, tokens, sums, to, stride);
          }
        }
      }
    }
  }

  /** Sets a panel of the tile to its exponentials by their shares. */
  private void weigh(
      Span span, int j, int v, int rows, int vocabulary, float[] shares, float[] tile, int to) {
    float[] factor = factors[span.number()];
    float[] kept = exponentials[span.number()];
    int look = j * HeadLoops.looks(vocabulary) + v / ROWS * PANEL;
    int token = span.firstToken() + j;
    int from = j * vocabulary + v * PANEL;
    FloatVector p =
        FloatVector.fromArray(SPECIES, factor, look)
            .mul(FloatVector.fromArray(SPECIES, shares, token));
    FloatVector q =
        FloatVector.fromArray(SPECIES, factor, look + LANES)
            .mul(FloatVector.fromArray(SPECIES, shares, token + LANES));
    for (int r = 0; r < rows; r++) {
      int at = from + r * PANEL;
      int out = to + r * PART;
      FloatVector.fromArray(SPECIES, kept, at).mul(p).intoArray(tile, out);
      FloatVector.fromArray(SPECIES, kept, at + LANES).mul(q).intoArray(tile, out + LANES);
    }
  }

  /** The first pass of one span: a window of vocabulary rows at a time, a panel of tokens. */
  private static final class First {
    private final float[] w;
    private final int features;
    private final int vocabulary;
    private final float[] input;
    private final SimdSoftmax softmax;
    private final float[] exponentials;
    private final float @Nullable [] looks;

    /** (panel, feature, token); null where only the loss is asked for, which keeps nothing. */
    private final float @Nullable [] gradient;

    First(
        HeadKernel.Matrix matrix,
        float[] input,
        SimdSoftmax softmax,
        float[] exponentials,
        float @Nullable [] looks,
        float @Nullable [] gradient) {
      this.w = matrix.weight();
      this.features = matrix.features();
      this.vocabulary = matrix.count();
      this.input = input;
      this.softmax = softmax;
      this.exponentials = exponentials;
      this.looks = looks;
      this.gradient = gradient;
    }

    void run(int tokens) {
      for (int v = 0; v < vocabulary; v += WINDOW) {
        for (int j = 0; j < tokens; j += PANEL) {
          window(v, Math.min(v + WINDOW, vocabulary), j);
        }
      }
    }

    private void window(int from, int to, int j) {
      int added = from;
      for (int v = from; v < to; v += ROWS) {
        int count = Math.min(ROWS, to - v);
        int at = at(v, j);
        logits(v, count, j);
        if (softmax.look(exponentials, at, count, j)) {
          add(added, v, j);
          added = v;
          logits(v, count, j);
          softmax.raise(exponentials, at, count, j);
          if (gradient != null) {
            softmax.scale(gradient, j * features, features);
          }
          softmax.look(exponentials, at, count, j);
        }
        softmax.take(j);
        if (looks != null) {
          System.arraycopy(
              softmax.tops(), j, looks, j * HeadLoops.looks(vocabulary) + v / ROWS * PANEL, PANEL);
        }
      }
      add(added, to, j);
    }

    /** Where their exponentials are to stand: the lines of memory are then there in time. */
    private void logits(int v, int count, int j) {
      SimdTiles.setProducts(
          w,
          v * features,
          features,
          1,
          count,
          input,
          j * features,
          features,
          exponentials,
          at(v, j));
    }

    private int at(int v, int j) {
      return gradient == null ? 0 : j * vocabulary + v * PANEL;
    }

    /** Adds the rows [from, to) of the matrix, by their exponentials, to a panel's gradient. */
    private void add(int from, int to, int j) {
      if (gradient != null) {
        int first = from * features;
        SimdTiles.addProducts(
            w,
            first,
            1,
            features,
            features,
            exponentials,
            at(from, j),
            to - from,
            gradient,
            j * features);
      }
    }
  }
}
