package dev.sweeprunner.train.cpu;

import static dev.sweeprunner.train.cpu.SimdTiles.LANES;
import static dev.sweeprunner.train.cpu.SimdTiles.PANEL;
import static dev.sweeprunner.train.cpu.SimdTiles.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Causal attention in the Vector API, a sequence at a time, with the bits of {@link
 * AttentionKernel}, which goes by distance: so keys and values lie here from the last one to the
 * first, and sums over them begin with the token itself.
 *
 * <p>Only for sequences of whole panels; shorter ones are left to the plain loops.
 */
final class SimdAttentionKernel extends AttentionKernel {
  private static final int FLAT = 8;
  private static final int PANELS = 9;
  private static final int SCORES = 10;
  private static final int TURNED = 11;

  private final long worth;

  /**
   * @param worth operations of a call from which the Vector API pays
   */
  SimdAttentionKernel(ThreadPool pool, long worth) {
    super(pool);
    this.worth = worth;
  }

  @Override
  Heads view(HostActivation qkv, int block, int rows, int heads, ThreadScratch scratch) {
    boolean plain = qkv.length() % PANEL != 0 || work(rows, qkv) < worth;
    return plain
        ? super.view(qkv, block, rows, heads, scratch)
        : new Head(qkv, block, rows, heads, scratch);
  }

  /** The heads of one block, one after another. */
  private static final class Head implements Heads {
    /** 0, 1, 2 ... */
    private static final FloatVector COUNT = FloatVector.zero(SPECIES).addIndex(1);

    /** Keeps rows of a power of two from sharing one set of a cache. */
    private static final int APART = 16;

    private final float[][] qkv;
    private final int embd;
    private final int size;
    private final int tokens;
    private final int length;
    private final float scale;
    private final int stride;

    /** Four times (feature, token): keys and values backwards, queries, gradients of the output. */
    private final float[] flat;

    private final int values;
    private final int queries;
    private final int uppers;

    /** Three times (feature, lane): queries, gradients of the output, a result. */
    private final float[] panels;

    private final int upperPanel;
    private final int result;

    /** (key, lane), the last key first: weights, then the gradients of their scores. */
    private final float[] scores;

    private final int changes;

    /** (query, lane) for a panel of keys after another: the same two. */
    private final float[] turned;

    private final int turnedChanges;
    private final float[] mean;

    Head(HostActivation qkv, int block, int rows, int heads, ThreadScratch scratch) {
      this.qkv = qkv.block(block);
      this.embd = qkv.features() / 3;
      this.size = embd / heads;
      this.tokens = qkv.tokens(block, rows);
      this.length = qkv.length();
      this.scale = (float) (1 / Math.sqrt(size));
      this.stride = qkv.width() + APART;
      this.values = size * stride;
      this.queries = 2 * size * stride;
      this.uppers = 3 * size * stride;
      this.flat = scratch.row(FLAT, 4 * size * stride);
      this.upperPanel = size * PANEL;
      this.result = 2 * size * PANEL;
      this.panels = scratch.row(PANELS, 3 * size * PANEL);
      this.changes = length * PANEL;
      this.scores = scratch.row(SCORES, 2 * length * PANEL);
      this.turnedChanges = length * length;
      this.turned = scratch.row(TURNED, 2 * length * length);
      this.mean = scratch.row(0, qkv.width());
    }

    @Override
    public void forward(int h, float[][] out, float[] top, float[] inverse) {
      int q = h * size;
      layOut(q);
      for (int s = 0; s < tokens; s += length) {
        for (int j = 0; j < length; j += PANEL) {
          int keys = j + PANEL;
          score(q, s, j);
          highest(0, keys, s + j, top);
          highest(LANES, keys, s + j + LANES, top);
          SimdTiles.exp(scores, 0, keys, top, s + j, scores, 0, panels, result);
          sum(0, keys, s + j, inverse);
          sum(LANES, keys, s + j + LANES, inverse);
          int at = values + s + length - keys;
          SimdTiles.setProducts(flat, at, stride, 1, size, scores, 0, keys, panels, result);
          for (int d = 0; d < size; d++) {
            multiply(panels, result + d * PANEL, inverse, s + j, out[q + d]);
            multiply(panels, result + d * PANEL + LANES, inverse, s + j + LANES, out[q + d]);
          }
        }
      }
    }

    @Override
    public void backward(
        int h, float[][] upper, float[][] out, float[] top, float[] inverse, float[][] gradient) {
      int q = h * size;
      layOut(q);
      Arrays.fill(mean, 0, tokens, 0f);
      VectorLoops.addProducts(mean, upper, q, out, q, size, tokens);
      for (int d = 0; d < size; d++) {
        System.arraycopy(qkv[q + d], 0, flat, queries + d * stride, tokens);
        System.arraycopy(upper[q + d], 0, flat, uppers + d * stride, tokens);
      }
      for (int s = 0; s < tokens; s += length) {
        for (int j = 0; j < length; j += PANEL) {
          int keys = j + PANEL;
          score(q, s, j);
          change(q, s, j, upper);
          for (int r = 0; r < keys * PANEL; r += LANES) {
            scaled(r).intoArray(scores, r);
          }
          SimdTiles.exp(scores, 0, keys, top, s + j, scores, 0, panels, result);
          weigh(0, keys, s + j, inverse);
          weigh(LANES, keys, s + j + LANES, inverse);
          int at = s + length - keys;
          SimdTiles.setProducts(flat, at, stride, 1, size, scores, changes, keys, panels, result);
          SimdTiles.unpack(panels, result, size, gradient, q, s + j, tokens);
          turn(j, 0, 0);
          turn(j, changes, turnedChanges);
        }
        for (int i = 0; i < length; i += PANEL) {
          addTo(gradient, embd + q, queries, turnedChanges, s, i);
          addTo(gradient, 2 * embd + q, uppers, 0, s, i);
        }
      }
    }

    /** The head's keys and values, backwards in each sequence. */
    private void layOut(int q) {
      for (int d = 0; d < size; d++) {
        reverse(qkv[embd + q + d], d * stride);
        reverse(qkv[2 * embd + q + d], values + d * stride);
      }
    }

    private void reverse(float[] row, int to) {
      for (int s = 0; s < tokens; s += length) {
        int last = s + length - 1;
        for (int i = 0; i < length; i++) {
          flat[to + s + i] = row[last - i];
        }
      }
    }

    /** scores = q · k of the panel's queries from j on with the keys before and among them. */
    private void score(int q, int s, int j) {
      int keys = j + PANEL;
      for (int d = 0; d < size; d++) {
        copy(qkv[q + d], s + j, d * PANEL);
      }
      int at = s + length - keys;
      SimdTiles.setProducts(flat, at, 1, stride, keys, panels, 0, size, scores, 0);
    }

    /** The gradients of the weights: Σ upper · value. */
    private void change(int q, int s, int j, float[][] upper) {
      int keys = j + PANEL;
      for (int d = 0; d < size; d++) {
        copy(upper[q + d], s + j, upperPanel + d * PANEL);
      }
      int at = values + s + length - keys;
      SimdTiles.setProducts(flat, at, 1, stride, keys, panels, upperPanel, size, scores, changes);
    }

    private void copy(float[] from, int at, int to) {
      FloatVector.fromArray(SPECIES, from, at).intoArray(panels, to);
      FloatVector.fromArray(SPECIES, from, at + LANES).intoArray(panels, to + LANES);
    }

    /** The queries of these lanes that see the key in row r: the panel's last key is row 0. */
    private static VectorMask<Float> sees(int lane, int r) {
      return COUNT.compare(VectorOperators.GE, (float) (PANEL - 1 - r - lane));
    }

    /** Scales the scores of a register's queries, and finds the largest that a query may see. */
    private void highest(int lane, int keys, int token, float[] tops) {
      FloatVector top = FloatVector.broadcast(SPECIES, -FORBIDDEN);
      for (int r = 0; r < keys; r++) {
        FloatVector score = scaled(lane + r * PANEL);
        score.intoArray(scores, lane + r * PANEL);
        VectorMask<Float> higher = score.compare(VectorOperators.GT, top);
        top = top.blend(score, r < PANEL ? higher.and(sees(lane, r)) : higher);
      }
      top.intoArray(tops, token);
    }

    /** Takes the weights that a query must not see away, and adds up the others. */
    private void sum(int lane, int keys, int token, float[] inverses) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int r = 0; r < keys; r++) {
        FloatVector weight = weight(lane, r);
        weight.intoArray(scores, lane + r * PANEL);
        sum = sum.add(weight);
      }
      FloatVector.broadcast(SPECIES, 1f).div(sum).intoArray(inverses, token);
    }

    /** Divides the weights by their sum, and turns their gradients into the scores'. */
    private void weigh(int lane, int keys, int token, float[] inverses) {
      FloatVector inverse = FloatVector.fromArray(SPECIES, inverses, token);
      FloatVector average = FloatVector.fromArray(SPECIES, mean, token);
      for (int r = 0; r < keys; r++) {
        int at = lane + r * PANEL;
        FloatVector weight = weight(lane, r).mul(inverse);
        weight.intoArray(scores, at);
        FloatVector change = FloatVector.fromArray(SPECIES, scores, changes + at);
        weight.mul(change.sub(average)).mul(scale).intoArray(scores, changes + at);
      }
    }

    private FloatVector weight(int lane, int r) {
      FloatVector weight = FloatVector.fromArray(SPECIES, scores, lane + r * PANEL);
      return r < PANEL ? FloatVector.zero(SPECIES).blend(weight, sees(lane, r)) : weight;
    }

    private FloatVector scaled(int at) {
      return FloatVector.fromArray(SPECIES, scores, at).mul(scale);
    }

    private static void multiply(float[] panel, int at, float[] factor, int token, float[] out) {
      FloatVector.fromArray(SPECIES, panel, at)
          .mul(FloatVector.fromArray(SPECIES, factor, token))
          .intoArray(out, token);
    }

    /**
     * Writes (key, query) of a panel of queries as (query, key): for each panel of keys a matrix.
     */
    private void turn(int j, int from, int to) {
      for (int r = 0; r < j + PANEL; r++) {
        int key = j + PANEL - 1 - r;
        int at = to + key / PANEL * length * PANEL + j * PANEL + key % PANEL;
        int row = from + r * PANEL;
        for (int lane = 0; lane < PANEL; lane++) {
          turned[at + lane * PANEL] = scores[row + lane];
        }
      }
    }

    /** The gradients of a panel of keys or values: sums over the queries from their own on. */
    private void addTo(float[][] gradient, int first, int factors, int matrix, int s, int i) {
      SimdTiles.setProducts(
          flat,
          factors + s + i,
          stride,
          1,
          size,
          turned,
          matrix + i * length + i * PANEL,
          length - i,
          panels,
          result);
      SimdTiles.unpack(panels, result, size, gradient, first, s + i, tokens);
    }
  }
}
