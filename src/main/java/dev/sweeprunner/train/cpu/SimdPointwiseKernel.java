package dev.sweeprunner.train.cpu;

import static dev.sweeprunner.train.cpu.SimdTiles.LANES;
import static dev.sweeprunner.train.cpu.SimdTiles.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * GELU in the Vector API, lane by lane the operations of {@link PointwiseKernel}, to which the rest
 * of a row is left.
 *
 * <p>What both directions have in common is written out in each: a method between the loop and the
 * operations would have to be inlined for vectors not to become objects, and whether C2 inlines
 * what it has compiled before is chance.
 */
final class SimdPointwiseKernel extends PointwiseKernel {
  private static final float PART = DeterministicMath.PART;

  private final long worth;

  /**
   * @param worth operations of a call from which the Vector API pays
   */
  SimdPointwiseKernel(ThreadPool pool, long worth) {
    super(pool);
    this.worth = worth;
  }

  @Override
  int gelu(float[] x, float[] out, int count, long work) {
    if (work < worth) {
      return 0;
    }
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector lowest = FloatVector.broadcast(SPECIES, DeterministicMath.LOWEST * PART);
    int whole = count - count % LANES;
    for (int j = 0; j < whole; j += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, j);
      FloatVector absolute = v.abs();
      FloatVector t = one.div(absolute.fma(broadcast(DeterministicMath.P), one));
      FloatVector q = t.fma(broadcast(DeterministicMath.A5), broadcast(DeterministicMath.A4));
      q = t.fma(q, broadcast(DeterministicMath.A3));
      q = t.fma(q, broadcast(DeterministicMath.A2));
      q = t.fma(q, broadcast(DeterministicMath.A1));
      FloatVector y = v.mul(-0.5f).mul(v).mul(PART);
      y = y.blend(lowest, y.compare(VectorOperators.LT, lowest));
      FloatVector p = y.fma(broadcast(1f / 720), broadcast(1f / 120));
      p = y.fma(p, broadcast(1f / 24));
      p = y.fma(p, broadcast(1f / 6));
      p = y.fma(p, broadcast(0.5f));
      p = y.mul(y.fma(p, one));
      p = p.fma(p, p.add(p));
      p = p.fma(p, p.add(p));
      p = p.fma(p, p.add(p)).add(one);
      p = p.mul(p);
      p = p.mul(p);
      FloatVector tail = t.mul(q).mul(p.mul(p));
      FloatVector above = v.add(zero); // which is never −0
      above = above.blend(zero, above.compare(VectorOperators.LT, zero));
      absolute.mul(-0.5f).fma(tail, above).intoArray(out, j);
    }
    return whole;
  }

  @Override
  int geluBackward(float[] upper, float[] x, float[] out, int count, long work) {
    if (work < worth) {
      return 0;
    }
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector lowest = FloatVector.broadcast(SPECIES, DeterministicMath.LOWEST * PART);
    int whole = count - count % LANES;
    for (int j = 0; j < whole; j += LANES) {
      FloatVector v = FloatVector.fromArray(SPECIES, x, j);
      FloatVector y = v.mul(-0.5f).mul(v).mul(PART);
      y = y.blend(lowest, y.compare(VectorOperators.LT, lowest));
      FloatVector p = y.fma(broadcast(1f / 720), broadcast(1f / 120));
      p = y.fma(p, broadcast(1f / 24));
      p = y.fma(p, broadcast(1f / 6));
      p = y.fma(p, half);
      p = y.mul(y.fma(p, one));
      p = p.fma(p, p.add(p));
      p = p.fma(p, p.add(p));
      p = p.fma(p, p.add(p)).add(one);
      p = p.mul(p);
      p = p.mul(p);
      FloatVector bell = p.mul(p);
      FloatVector t = one.div(v.abs().fma(broadcast(DeterministicMath.P), one));
      FloatVector q = t.fma(broadcast(DeterministicMath.A5), broadcast(DeterministicMath.A4));
      q = t.fma(q, broadcast(DeterministicMath.A3));
      q = t.fma(q, broadcast(DeterministicMath.A2));
      q = t.fma(q, broadcast(DeterministicMath.A1));
      FloatVector inside = one.sub(t.mul(q).mul(bell));
      FloatVector sign = v.mul(STEEP);
      sign = sign.blend(one, sign.compare(VectorOperators.GT, one));
      sign = sign.blend(one.neg(), sign.compare(VectorOperators.LT, one.neg()));
      FloatVector below = sign.mul(0.5f).fma(inside, half);
      FloatVector slope = v.mul(DENSITY).fma(bell, below);
      FloatVector.fromArray(SPECIES, upper, j).mul(slope).intoArray(out, j);
    }
    return whole;
  }

  private static FloatVector broadcast(float number) {
    return FloatVector.broadcast(SPECIES, number);
  }
}
