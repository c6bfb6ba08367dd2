package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sweep files of other projects' shapes, beside what W&amp;B's own package makes of them ({@code
 * src/test/fixtures/expand_sweeps.py}).
 */
class WandbSweepsTests {
  private static final Path SWEEPS = Path.of("src", "test", "resources", "sweeps", "wandb");
  private static final JsonMapper MAPPER = new JsonMapper();

  @TempDir Path folder;

  /** A file of the fixture: its head, and for a grid its points. */
  private record Expected(Map<String, Object> head, List<Map<String, Object>> points) {
    private String file() {
      return (String) member(head, "file");
    }

    private int count() {
      return Math.toIntExact((Long) member(head, "count"));
    }
  }

  @TestFactory
  Stream<DynamicTest> grids_have_the_same_points_in_the_same_order() throws IOException {
    return expected("grid").map(e -> DynamicTest.dynamicTest(e.file(), () -> checkGrid(e)));
  }

  private static void checkGrid(Expected expected) {
    PointSpace space = sweep(expected.file()).space(SpaceOptions.NONE);

    assertThat(space.size()).isEqualTo(expected.count()).isEqualTo(expected.points().size());
    for (int i = 0; i < space.size(); i++) {
      assertThat(space.at(i)).isEqualTo(expected.points().get(i));
      assertThat(space.at(i)).hasToString(expected.points().get(i).toString());
    }
  }

  @TestFactory
  Stream<DynamicTest> random_points_have_the_same_names_and_types() throws IOException {
    return expected("random").map(e -> DynamicTest.dynamicTest(e.file(), () -> checkRandom(e)));
  }

  private static void checkRandom(Expected expected) {
    SweepFile sweep = sweep(expected.file());
    PointSpace many = sweep.space(new SpaceOptions(OptionalInt.of(200), false));

    assertThat(sweep.space(SpaceOptions.NONE).size()).isEqualTo(expected.count());
    Object types = types(IntStream.range(0, many.size()).mapToObj(many::at).toList());
    assertThat(types).isEqualTo(expected.head().get("types"));
    assertThat(types).hasToString(String.valueOf(expected.head().get("types")));
  }

  @Test
  void a_draw_has_the_value_that_the_package_has_at_the_same_place() throws IOException {
    List<Map<String, Object>> lines = lines("quantiles.jsonl");
    List<?> places = (List<?>) member(lines.get(0), "places");
    assertThat(lines).hasSizeGreaterThan(10);

    for (Map<String, Object> line : lines.subList(1, lines.size())) {
      Domain domain = domain(MAPPER.writeValueAsString(member(line, "parameter")));
      for (int i = 0; i < places.size(); i++) {
        Object expected = ((List<?>) member(line, "values")).get(i);
        Object drawn = domain.draw(at((Double) places.get(i)));
        if (expected instanceof Double number) {
          assertThat((Double) drawn).as("%s", line).isCloseTo(number, within(1e-13 * number));
        } else {
          assertThat(drawn).as("%s", line).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void the_built_in_reading_names_the_same_keys_wherever_it_can_take_the_file() throws IOException {
    int taken = 0;
    for (Expected expected : expected("grid").toList()) {
      SweepFile sweep = sweep(expected.file());
      Grid grid;
      try {
        grid = sweep.grid();
      } catch (UserError refused) {
        continue;
      }
      taken++;
      assertThat(sweep.keys().stream().map(SweepFile.Reference::text))
          .as(expected.file())
          .containsExactlyElementsOf(grid.parameters().stream().map(Parameter::key).toList());
    }

    assertThat(taken).isGreaterThan(15);
  }

  @Test
  void there_are_twenty_five_of_them() throws IOException {
    try (Stream<Path> files = Files.list(SWEEPS)) {
      assertThat(files.filter(file -> file.toString().endsWith(".yaml"))).hasSize(25);
    }
    assertThat(Stream.concat(expected("grid"), expected("random"))).hasSize(25);
  }

  private static Object member(Map<String, Object> map, String name) {
    return Objects.requireNonNull(map.get(name));
  }

  /** Numbers of which each is the same place. */
  private static Draws at(double place) {
    return new Draws(0, 0) {
      @Override
      double uniform() {
        return place;
      }
    };
  }

  private Domain domain(String parameter) throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "{\"x\": " + parameter + "}");
    YamlDocument document = YamlDocument.read(file);
    YamlMap.Entry section = new YamlMap.Entry("parameters", 1, document.root());
    return SpaceReader.read(document, section, false).all().get(0).domain();
  }

  private static SweepFile sweep(String file) {
    return SweepFileReader.read(SWEEPS.resolve(file), Map.of());
  }

  private static Stream<Expected> expected(String method) throws IOException {
    List<Expected> all = new ArrayList<>();
    for (Map<String, Object> line : lines("expected.jsonl")) {
      if (line.containsKey("file")) {
        all.add(new Expected(line, new ArrayList<>()));
      } else {
        all.get(all.size() - 1).points().add(line);
      }
    }
    return all.stream().filter(e -> method.equals(e.head().get("method")));
  }

  private static List<Map<String, Object>> lines(String name) throws IOException {
    return Files.readAllLines(SWEEPS.resolve(name)).stream()
        .map(line -> MAPPER.readValue(line, new TypeReference<Map<String, Object>>() {}))
        .peek(line -> line.replaceAll((key, value) -> widened(value)))
        .toList();
  }

  /** Jackson's ints as longs. */
  @SuppressWarnings("unchecked")
  private static @Nullable Object widened(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      ((Map<String, @Nullable Object>) map).replaceAll((key, member) -> widened(member));
    } else if (value instanceof List<?> list) {
      ((List<@Nullable Object>) list).replaceAll(WandbSweepsTests::widened);
    }
    return value instanceof Integer number ? (Object) number.longValue() : value;
  }

  /** As the script has it: per name the types of all points' values, by Python's names. */
  private static Object types(List<? extends @Nullable Object> points) {
    if (points.get(0) instanceof Map<?, ?> first) {
      Map<Object, Object> types = new LinkedHashMap<>();
      for (Object name : first.keySet()) {
        List<@Nullable Object> values = new ArrayList<>();
        points.forEach(point -> values.add(point instanceof Map<?, ?> map ? map.get(name) : null));
        types.put(name, types(values));
      }
      return types;
    }
    return points.stream().map(WandbSweepsTests::type).distinct().sorted().toList();
  }

  private static String type(@Nullable Object value) {
    if (value == null) {
      return "NoneType";
    } else if (value instanceof Long || value instanceof BigInteger) {
      return "int";
    } else if (value instanceof Double) {
      return "float";
    } else if (value instanceof Boolean) {
      return "bool";
    }
    return value instanceof String ? "str" : "list";
  }
}
