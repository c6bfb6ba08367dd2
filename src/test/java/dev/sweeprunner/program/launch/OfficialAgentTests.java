package dev.sweeprunner.program.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.program.launch.LaunchOrder.Call;
import dev.sweeprunner.program.launch.LaunchOrder.Names;
import dev.sweeprunner.program.launch.LaunchOrder.Place;
import dev.sweeprunner.program.launch.LaunchOrder.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a program is given equals what the official agent of client 0.30.0 gives it, line by line;
 * {@code src/test/fixtures/make_official_argv.py} made the lines with that client's own code.
 */
class OfficialAgentTests {
  private static final String RESOURCE = "/launch/official-argv.jsonl";

  /** Set by the agent and deliberately not here: the server knows no such sweep. */
  private static final Set<String> NOT_HERE = Set.of("WANDB_SWEEP_ID");

  /** Set here and not by the agent. */
  private static final Set<String> ONLY_HERE =
      Set.of(
          "WANDB_RESUME",
          "WANDB_RUN_GROUP",
          "WANDB_NAME",
          "RUN_ID",
          "OUT_DIR",
          "PYTHONUNBUFFERED",
          "SWEEP_RUNNER_RUN_ID",
          "SWEEP_RUNNER_EPOCH",
          "SWEEP_RUNNER_OUT_DIR",
          "SWEEP_RUNNER_PARAMS",
          "SWEEP_RUNNER_METRICS",
          "SWEEP_RUNNER_CLAIM");

  @TempDir Path root;

  @Test
  void the_lines_are_all_there() throws IOException, UnreadableJson {
    List<Fields> lines = lines();

    assertThat(lines).hasSize(112);
    assertThat(lines.stream().map(line -> line.members().get("args")).distinct().count())
        .isGreaterThanOrEqualTo(60);
    String commands = lines.stream().map(line -> line.texts("command")).toList().toString();
    assertThat(commands)
        .contains("${env}", "${interpreter}", "${program}", "${args}", "${args_no_equals}")
        .contains("${args_no_hyphens}", "${args_no_boolean_flags}", "${args_append_hydra}")
        .contains("${args_override_hydra}", "${args_json}", "${args_json_file}", "${envvar:HOME}");
  }

  @ParameterizedTest
  @MethodSource("named")
  void a_program_gets_what_the_official_agent_gives_it(Fields line) throws Exception {
    LaunchOrder order = order(line);

    Launch.Start start = new Launch(new LocalFiles()).start(order);

    assertThat(start.argv()).isEqualTo(line.texts("argv").stream().map(this::here).toList());
    assertThat(without(start.environment(), ONLY_HERE))
        .isEqualTo(without(official(line), NOT_HERE));
    assertThat(start.environment()).containsKeys(ONLY_HERE.toArray(String[]::new));
    assertThat(capitals(Files.readString(yaml()))).isEqualTo(line.text("yaml"));
    assertThat(json()).content(UTF_8).isEqualTo(line.textOr("json", Files.readString(json())));
  }

  private LaunchOrder order(Fields line) throws UnreadableJson {
    Map<String, @Nullable Object> command = line.members();
    return new LaunchOrder(
        line.object("args").members(),
        new Call(
            line.text("program"),
            command.get("command") == null ? null : line.texts("command"),
            "python"),
        new Names("r-0123abcd", "proj", "team", "sweep", "lr 0.1"),
        new Place(
            3,
            "token",
            root,
            root.resolve("out"),
            root.resolve("parameters"),
            root.resolve("metrics.jsonl")),
        new Surroundings(
            texts(line.object("outside")),
            Optional.empty(),
            Optional.empty(),
            false,
            Map.of(),
            Map.of()));
  }

  private Map<String, String> official(Fields line) throws UnreadableJson {
    Map<String, String> variables = texts(line.object("outside"));
    variables.keySet().removeAll(line.texts("removed"));
    variables.putAll(texts(line.object("set")));
    return variables;
  }

  private Map<String, String> texts(Fields object) {
    Map<String, String> texts = new TreeMap<>();
    object.members().forEach((name, value) -> texts.put(name, here(String.valueOf(value))));
    return texts;
  }

  private String here(String text) {
    return text.replace("{YAML}", yaml().toString())
        .replace("{JSON}", json().toString())
        .replace("{FOLDER}", root.toString());
  }

  /** PyYAML spells an escape in capitals, SnakeYAML in small letters. */
  private static String capitals(String yaml) {
    return Pattern.compile("(?<=\\\\x)[0-9a-f]{2}")
        .matcher(yaml)
        .replaceAll(digits -> digits.group().toUpperCase(Locale.ROOT));
  }

  private Path yaml() {
    return root.resolve("parameters/config-r-0123abcd.yaml");
  }

  private Path json() {
    return root.resolve("parameters/config-r-0123abcd.json");
  }

  private static Map<String, String> without(Map<String, String> variables, Set<String> names) {
    return variables.entrySet().stream()
        .filter(variable -> !names.contains(variable.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static Stream<Named<Fields>> named() throws IOException, UnreadableJson {
    return lines().stream().map(line -> Named.of(line.textOr("case", ""), line));
  }

  private static List<Fields> lines() throws IOException, UnreadableJson {
    try (InputStream in = OfficialAgentTests.class.getResourceAsStream(RESOURCE)) {
      List<String> texts = new String(in.readAllBytes(), UTF_8).lines().toList();
      List<Fields> lines = new ArrayList<>();
      for (String text : texts) {
        lines.add(Fields.of(text.getBytes(UTF_8)));
      }
      return lines;
    }
  }
}
