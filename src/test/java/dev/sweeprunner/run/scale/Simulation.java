package dev.sweeprunner.run.scale;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;

/**
 * A world by its seed, and how it ended.
 *
 * @param broken the law that did not hold, or empty
 * @param trace what happened, if it was asked for
 */
@NullMarked
record Simulation(long seed, String broken, List<String> trace, SimWorld world) {
  static Simulation of(long seed, BiFunction<String, SimWorld, SimScaler> scaler, boolean traced) {
    return of(seed, SimRules::of, scaler, traced);
  }

  static Simulation of(
      long seed,
      Function<SplittableRandom, SimRules> rules,
      BiFunction<String, SimWorld, SimScaler> scaler,
      boolean traced) {
    SplittableRandom random = new SplittableRandom(seed);
    return of(seed, new SimWorld(rules.apply(random), random, scaler, traced));
  }

  static Simulation of(long seed, SimWorld world) {
    try {
      world.run();
      return new Simulation(seed, "", world.time.trace(), world);
    } catch (SimBroken broken) {
      String law = String.valueOf(broken.getMessage());
      return new Simulation(seed, law, world.time.trace(), world);
    }
  }

  /** The law, and the newest of what happened. */
  String story(int lines) {
    List<String> last = trace.subList(Math.max(0, trace.size() - lines), trace.size());
    return "seed " + seed + ": " + broken + "\n  " + String.join("\n  ", last);
  }
}
