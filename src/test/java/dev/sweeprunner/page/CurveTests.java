package dev.sweeprunner.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CurveTests {
  private static List<Curve.Point> points(Curve curve) {
    List<Curve.Point> points = new ArrayList<>();
    curve.each(points::add);
    return points;
  }

  @Test
  void as_many_points_as_may_stay_stay_as_they_are() {
    Curve curve = new Curve(1000);
    LongStream.range(0, 1000).forEach(i -> curve.add(7 * i, (int) (i % 13)));

    assertThat(points(curve)).hasSize(1000);
    assertThat(curve.thinned()).isFalse();
    assertThat(points(curve).get(999)).isEqualTo(new Curve.Point(6993, 999 % 13));
  }

  @Test
  void of_many_the_spikes_the_first_and_the_newest_stay() {
    Curve curve = new Curve(100);
    for (int step = 0; step <= 1_000_000; step++) {
      double value = step == 123_457 ? 1e9 : step == 777_777 ? -1e9 : 5 + Math.sin(step);
      curve.add(step, value);
    }

    List<Curve.Point> points = points(curve);
    assertThat(points).hasSizeBetween(40, 100).contains(new Curve.Point(123_457, 1e9));
    assertThat(points).contains(new Curve.Point(777_777, -1e9));
    assertThat(points.get(0).step()).isZero();
    assertThat(points.get(points.size() - 1).step()).isEqualTo(1_000_000);
    assertThat(curve.thinned()).isTrue();
  }

  @Test
  void whatever_comes_the_least_and_the_greatest_stay_in_order_and_within_bounds() {
    long seed = 20261130;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      int most = 10 + random.nextInt(60);
      Curve curve = new Curve(most);
      List<Curve.Point> all = new ArrayList<>();
      long step = random.nextInt(5);
      int count = 1 + random.nextInt(400);
      for (int i = 0; i < count; i++) {
        double value = random.nextInt(10) == 0 ? Double.NaN : random.nextInt(1000);
        all.add(new Curve.Point(step, value));
        curve.add(step, value);
        step += 1 + (random.nextInt(20) == 0 ? random.nextLong(1L << 40) : random.nextInt(3));
      }

      List<Curve.Point> points = points(curve);

      assertThat(points).as("seed " + seed + " round " + round).hasSizeLessThanOrEqualTo(most);
      assertThat(points.stream().map(Curve.Point::step)).doesNotHaveDuplicates().isSorted();
      assertThat(all).containsAll(points);
      assertThat(points).contains(all.get(0), all.get(all.size() - 1));
      assertThat(values(points).max()).isEqualTo(values(all).max());
      assertThat(values(points).min()).isEqualTo(values(all).min());
      assertThat(points.size() < all.size()).isEqualTo(curve.thinned());
      assertThat(curve.size()).isGreaterThanOrEqualTo(points.size());
    }
  }

  private static DoubleStream values(List<Curve.Point> points) {
    return points.stream().filter(Curve.Point::finite).mapToDouble(Curve.Point::value);
  }

  @Test
  void values_that_are_no_number_stay_where_there_is_no_other() {
    Curve curve = new Curve(20);
    for (int step = 0; step < 1000; step++) {
      curve.add(step, step < 500 ? 1.0 : Double.NaN);
    }

    assertThat(points(curve)).anyMatch(point -> point.step() > 600 && !point.finite());
    assertThat(points(curve)).filteredOn(point -> point.step() < 400).allMatch(Curve.Point::finite);
  }

  @Test
  void a_thinned_curve_can_be_thinned_again() {
    Curve curve = new Curve(1000);
    LongStream.range(0, 5000).forEach(i -> curve.add(i, i == 2500 ? 9 : (int) (i % 2)));

    Curve thin = curve.thin(20);

    assertThat(points(thin)).hasSizeLessThanOrEqualTo(20).contains(new Curve.Point(2500, 9));
    assertThat(points(thin).get(points(thin).size() - 1).step()).isEqualTo(4999);
    assertThat(thin.thinned()).isTrue();
  }
}
