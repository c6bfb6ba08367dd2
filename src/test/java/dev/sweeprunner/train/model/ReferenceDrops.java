package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.Dropouts.Draw;
import java.math.BigInteger;

/**
 * Dropout of one sequence of the {@link ReferenceGpt}. The masks are made anew here from what is
 * promised of them, in arithmetic that cannot overflow.
 */
final class ReferenceDrops {
  private static final BigInteger GOLDEN = new BigInteger("9E3779B97F4A7C15", 16);
  private static final BigInteger FIRST = new BigInteger("BF58476D1CE4E5B9", 16);
  private static final BigInteger SECOND = new BigInteger("94D049BB133111EB", 16);
  private static final BigInteger ALL = BigInteger.ONE.shiftLeft(64);

  private final ModelShape shape;
  private final BigInteger bits;
  private final long firstToken;

  /**
   * @param at how many tokens of the batch come before the sequence
   */
  ReferenceDrops(ModelShape shape, Draw draw, int at) {
    this.shape = shape;
    this.bits = new BigInteger(Long.toUnsignedString(draw.bits()));
    this.firstToken = draw.firstToken() + at;
  }

  void drop(int place, double[][] x) {
    for (int t = 0; shape.dropout() > 0 && t < x.length; t++) {
      for (int c = 0; c < x[t].length; c++) {
        x[t][c] *= factor(place, (firstToken + t) * shape.embd() + c);
      }
    }
  }

  double[][] dropped(int place, double[][] x) {
    double[][] copy = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      copy[t] = x[t].clone();
    }
    drop(place, copy);
    return copy;
  }

  /** Of the weight that token i's head gives to position j. */
  double weight(int place, int head, int i, int j) {
    long token = firstToken + i;
    return shape.dropout() == 0
        ? 1
        : factor(place, (token * shape.heads() + head) * shape.blockSize() + j);
  }

  private double factor(int place, long index) {
    BigInteger key = mixed(bits.xor(BigInteger.valueOf(place)));
    BigInteger hash = mixed(key.xor(BigInteger.valueOf(index))).shiftRight(32);
    boolean dropped = hash.doubleValue() < Math.floor(shape.dropout() * 0x1.0p32);
    return dropped ? 0 : 1 / (1 - shape.dropout());
  }

  private static BigInteger mixed(BigInteger x) {
    BigInteger z = x.add(GOLDEN).mod(ALL);
    z = z.xor(z.shiftRight(30)).multiply(FIRST).mod(ALL);
    z = z.xor(z.shiftRight(27)).multiply(SECOND).mod(ALL);
    return z.xor(z.shiftRight(31));
  }
}
