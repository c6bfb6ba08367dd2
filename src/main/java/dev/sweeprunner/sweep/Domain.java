package dev.sweeprunner.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values that one parameter of a program's sweep can take. Immutable. */
interface Domain {
  /** A value drawn at random. */
  @Nullable Object draw(Draws draws);

  /** What a grid runs through, or null where a grid cannot enumerate it. */
  @Nullable List<@Nullable Object> listed();

  /** How messages call it. */
  String words();

  /** Whether its points may differ. */
  default boolean varies() {
    return true;
  }

  /** {@code value}. */
  record Constant(@Nullable Object value) implements Domain {
    @Override
    public @Nullable Object draw(Draws draws) {
      return value;
    }

    @Override
    public List<@Nullable Object> listed() {
      List<@Nullable Object> one = new ArrayList<>();
      one.add(value);
      return one;
    }

    @Override
    public String words() {
      return "constant";
    }

    @Override
    public boolean varies() {
      return false;
    }
  }

  /** {@code values}, each as likely as any other. */
  record Choices(List<@Nullable Object> values) implements Domain {
    @Override
    public @Nullable Object draw(Draws draws) {
      return values.get((int) (draws.uniform() * values.size()));
    }

    @Override
    public List<@Nullable Object> listed() {
      return distinct(values);
    }

    @Override
    public String words() {
      return "categorical";
    }

    @Override
    public boolean varies() {
      return distinct(values).size() > 1;
    }
  }

  /**
   * {@code values} with {@code probabilities}.
   *
   * @param sums what the probabilities sum to, up to each value
   */
  record Weighted(List<@Nullable Object> values, double[] sums) implements Domain {
    @Override
    public @Nullable Object draw(Draws draws) {
      double place = draws.uniform() * sums[sums.length - 1];
      int index = 0;
      while (index < sums.length - 1 && place >= sums[index]) {
        index++;
      }
      return values.get(index);
    }

    @Override
    public @Nullable List<@Nullable Object> listed() {
      return null;
    }

    @Override
    public String words() {
      return "probabilities";
    }
  }

  /** Whole numbers from {@code min} to {@code max}, both included, each as likely as any other. */
  record Wholes(long min, long max) implements Domain {
    @Override
    public Object draw(Draws draws) {
      return min + (long) (draws.uniform() * (max - min + 1));
    }

    @Override
    public List<@Nullable Object> listed() {
      return Ranges.wholes(min, max);
    }

    @Override
    public String words() {
      return "int_uniform";
    }
  }

  /**
   * {@code q_uniform}: drawn and rounded to a multiple of q; enumerated, steps of q from min on.
   */
  record Steps(Number min, Number max, Number q, Domain drawn) implements Domain {
    @Override
    public @Nullable Object draw(Draws draws) {
      return drawn.draw(draws);
    }

    @Override
    public List<@Nullable Object> listed() {
      return Ranges.steps(min, max, q);
    }

    @Override
    public String words() {
      return "q_uniform";
    }
  }

  /** A continuous distribution, or a rounded one, that can only be drawn from. */
  record Drawn(String words, Function<Draws, Object> formula) implements Domain {
    @Override
    public Object draw(Draws draws) {
      return formula.apply(draws);
    }

    @Override
    public @Nullable List<@Nullable Object> listed() {
      return null;
    }
  }

  /**
   * Each value once, at the place of its first spelling and in its last one, as W&amp;B's hash
   * table of values has them: a whole float is the same as the int, but not within a list or map.
   */
  private static List<@Nullable Object> distinct(List<@Nullable Object> values) {
    Map<@Nullable Object, @Nullable Object> byHash = new LinkedHashMap<>();
    for (Object value : values) {
      Object same = value instanceof Double number ? Ranges.whole(number) : value;
      byHash.put(same, value);
    }
    return new ArrayList<>(byHash.values());
  }
}
