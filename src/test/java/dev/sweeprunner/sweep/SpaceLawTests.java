package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of every space, tried on random sweeps. */
class SpaceLawTests {
  private static final long SEED = 20_260_731;
  private static final int SWEEPS = 300;
  private static final String[] VALUES = {
    "0", "1", "2", "1.0", "0.5", "true", "false", "null", "a", "'1'", "1e-4", "[1, x]", "{k: 1}"
  };
  private static final String[] DRAWN = {
    "{min: 0, max: 1000000}",
    "{min: -1.5, max: 2}",
    "{distribution: normal, sigma: 2}",
    "{distribution: beta, a: 0.5, b: 3}",
    "{distribution: q_uniform, min: 0, max: 9, q: 3}",
    "{distribution: log_uniform_values, min: 0.001, max: 1}",
    "{values: [a, b, c], probabilities: [0.2, 0.3, 0.5]}"
  };

  private final Random random = new Random(SEED);

  @TempDir Path folder;

  /** A random section; {@code sizes} gets the number of different values of each parameter. */
  private String section(String indent, String[] forms, int depth, List<Integer> sizes) {
    StringBuilder yaml = new StringBuilder();
    List<String> names = new ArrayList<>(List.of("a", "B", "c_d", "e-f", "g.h", "_i"));
    Collections.shuffle(names, random);
    for (String name : names.subList(0, 1 + random.nextInt(3))) {
      yaml.append(indent).append(name).append(": ");
      if (depth < 2 && random.nextInt(3) == 0) {
        yaml.append("\n").append(indent).append("  parameters:\n");
        yaml.append(section(indent + "    ", forms, depth + 1, sizes));
      } else if (forms.length > 0 && random.nextInt(4) > 0) {
        yaml.append(forms[random.nextInt(forms.length)]).append("\n");
      } else {
        yaml.append(values(sizes)).append("\n");
      }
    }
    return yaml.toString();
  }

  private String values(List<Integer> sizes) {
    List<String> values = new ArrayList<>();
    Set<String> distinct = new LinkedHashSet<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String value = VALUES[random.nextInt(VALUES.length)];
      values.add(value);
      distinct.add(value.equals("1.0") ? "1" : value);
    }
    sizes.add(distinct.size());
    return "{values: [" + String.join(", ", values) + "]}";
  }

  private SweepFile sweep(String method, String section) throws IOException {
    Path file = folder.resolve("law.yaml");
    Files.writeString(file, "method: " + method + "\nparameters:\n" + section);
    return SweepFileReader.read(file, Map.of());
  }

  private static PointSpace first(SweepFile sweep, int runs) {
    return sweep.space(new SpaceOptions(OptionalInt.of(runs), false));
  }

  @Test
  void a_grid_is_the_product_of_its_distinct_values_and_no_point_comes_twice() throws IOException {
    for (int i = 0; i < SWEEPS; i++) {
      List<Integer> sizes = new ArrayList<>();
      String section = section("  ", new String[0], 0, sizes);

      PointSpace space = sweep("grid", section).space(SpaceOptions.NONE);

      assertThat(space.size())
          .as("seed %s, sweep %s:\n%s", SEED, i, section)
          .isEqualTo(sizes.stream().reduce(1, (a, b) -> a * b));
      Set<Object> nested = new HashSet<>();
      Set<Object> flat = new HashSet<>();
      for (int point = 0; point < space.size(); point++) {
        nested.add(space.at(point));
        flat.add(space.flat(point));
      }
      assertThat(nested).as(section).hasSize(space.size());
      assertThat(flat).as(section).hasSize(space.size());
      assertThat(space.swept()).hasSize((int) sizes.stream().filter(size -> size > 1).count());
    }
  }

  @Test
  void the_first_points_of_a_grid_are_those_of_the_whole_one() throws IOException {
    for (int i = 0; i < SWEEPS; i++) {
      SweepFile sweep = sweep("grid", section("  ", new String[0], 0, new ArrayList<>()));
      PointSpace whole = sweep.space(SpaceOptions.NONE);
      int runs = 1 + random.nextInt(6);

      PointSpace part = first(sweep, runs);

      assertThat(part.size()).isEqualTo(Math.min(runs, whole.size()));
      for (int point = 0; point < part.size(); point++) {
        assertThat(part.at(point)).isEqualTo(whole.at(point));
      }
    }
  }

  @Test
  void a_random_point_is_the_same_in_every_number_of_points_and_order_of_asking()
      throws IOException {
    for (int i = 0; i < SWEEPS; i++) {
      String section = section("  ", DRAWN, 0, new ArrayList<>());
      SweepFile sweep = sweep("random", section);
      int runs = 1 + random.nextInt(20);
      PointSpace few = first(sweep, runs);
      PointSpace many = first(sweep, runs + 1 + random.nextInt(1000));

      for (int point = runs - 1; point >= 0; point--) {
        assertThat(few.at(point)).as(section).isEqualTo(many.at(point));
        assertThat(few.at(point)).as(section).isEqualTo(few.at(point));
      }
    }
  }

  @Test
  void flat_and_nested_points_have_the_same_values() throws IOException {
    for (int i = 0; i < SWEEPS; i++) {
      boolean grid = random.nextBoolean();
      String section = section("  ", grid ? new String[0] : DRAWN, 0, new ArrayList<>());
      PointSpace space = first(sweep(grid ? "grid" : "random", section), 5);

      for (int point = 0; point < space.size(); point++) {
        Map<String, Object> nested = new HashMap<>();
        flatten("", space.at(point), space.flat(point).keySet(), nested);
        assertThat(nested).as(section).isEqualTo(space.flat(point));
      }
    }
  }

  private static void flatten(
      String prefix, Map<?, ?> map, Set<String> leaves, Map<String, Object> to) {
    map.forEach(
        (name, value) -> {
          if (leaves.contains(prefix + name)) {
            to.put(prefix + name, value);
          } else {
            flatten(prefix + name + ".", (Map<?, ?>) value, leaves, to);
          }
        });
  }
}
