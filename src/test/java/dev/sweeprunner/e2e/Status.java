package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The answer of {@code status --format json}. */
final class Status {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Status() {}

  /** One object per point, in grid order. */
  static List<JsonNode> of(Path folder, String sweep, String root) {
    var ended =
        JarProcess.run(
            folder, List.of("status", "--sweep", sweep, "--storage", root, "--format", "json"));
    assertThat(ended.code()).as(ended.err()).isZero();
    List<JsonNode> points = new ArrayList<>();
    JSON.readTree(ended.out()).forEach(points::add);
    return points;
  }
}
