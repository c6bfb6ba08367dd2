package dev.sweeprunner.architecture;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The pages keep up with what they describe. */
class DocumentationTests {
  private static final Path SETTINGS = Path.of("application.yml");
  private static final Training TRAINING =
      new LocalTraining(
          new Devices(new CpuBackEnd(1)), new SettableClock(), name -> List.of(), notice -> {});
  private static final Path README = Path.of("README.md");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern ROW = Pattern.compile("^\\| `([a-z.-]+)` \\| `?([^`|]*?)`? \\|");

  @Test
  void the_configuration_page_lists_every_property_with_its_default() throws IOException {
    List<String> page =
        Files.readAllLines(Path.of("docs", "configuration.md")).stream()
            .map(ROW::matcher)
            .filter(Matcher::find)
            .map(row -> (row.group(1) + " = " + row.group(2).replace("empty", "")).strip())
            .toList();

    assertThat(page).containsExactlyInAnyOrderElementsOf(properties());
  }

  @Test
  void every_property_is_explained_where_it_stands() throws IOException {
    List<String> lines = Files.readAllLines(SETTINGS);
    int start = lines.indexOf("sweep-runner:");
    List<String> bare = new ArrayList<>();

    for (int i = start + 1; i < lines.size() && !lines.get(i).matches("[a-z#].*"); i++) {
      boolean leaf = lines.get(i).matches(" +[a-z-]+: .+");
      if (leaf && !lines.get(i - 1).strip().startsWith("#")) {
        bare.add(lines.get(i).strip());
      }
    }

    assertThat(bare).isEmpty();
  }

  @Test
  void links_between_pages_lead_somewhere() throws IOException {
    List<String> broken = new ArrayList<>();

    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        if (!Files.exists(page.resolveSibling(link.group(1)))) {
          broken.add(page + " -> " + link.group(1));
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  @Test
  void the_readme_stays_short_and_reaches_every_page() throws IOException {
    List<String> lines = Files.readAllLines(README);

    assertThat(lines).hasSizeLessThanOrEqualTo(150);
    assertThat(pages().stream().map(page -> page.toString().replace('\\', '/')))
        .allMatch(
            page -> page.equals("README.md") || lines.stream().anyMatch(l -> l.contains(page)));
  }

  @Test
  void the_readme_names_the_command_that_the_check_runs() throws IOException {
    String command = "./mvnw -B -ntp verify";

    assertThat(Files.readAllLines(README)).contains(command);
    assertThat(Files.readString(Path.of(".ci", "run"))).contains("\n" + command + " ");
  }

  @Test
  void the_scripts_of_the_results_page_are_the_files() throws IOException {
    String page = Files.readString(Path.of("docs", "results.md"));
    try (Stream<Path> scripts = Files.list(Path.of("docs", "results"))) {
      List<Path> all = scripts.filter(script -> script.toString().endsWith(".py")).toList();

      assertThat(all).hasSize(4);
      for (Path script : all) {
        assertThat(page).contains("\n```python\n" + Files.readString(script) + "```\n");
      }
    }
  }

  @Test
  void every_point_of_the_example_of_a_sweep_file_can_be_trained(@TempDir Path folder)
      throws IOException {
    String page = Files.readString(Path.of("docs", "sweep-file.md"));
    int start = page.indexOf("```yaml\n") + "```yaml\n".length();
    Path file = folder.resolve("sweep.yaml");
    Files.writeString(file, page.substring(start, page.indexOf("```", start)));

    Points points =
        Points.of(
            SweepFileReader.read(file, Map.of()), Places.of(Path.of("").toAbsolutePath(), file));
    List<RunConfig> configs =
        IntStream.range(0, points.size()).mapToObj(i -> points.at(i).config()).toList();

    assertThat(page).contains("= " + points.size() + " points");
    assertThat(IntStream.range(0, points.size())).allMatch(i -> points.at(i).invalid() == null);
    assertThat(configs.stream().map(RunConfig::sha256)).doesNotHaveDuplicates();
    assertThat(configs).allMatch(config -> TRAINING.refusal(config).isEmpty());
    assertThat(points.warnings()).isEmpty();
  }

  @Test
  void every_state_and_verdict_is_explained_under_its_name() throws IOException {
    String page = Files.readString(Path.of("docs", "explain.md"));
    List<String> sections = List.of(page.split("\n## "));

    for (State state : State.values()) {
      assertThat(sections)
          .filteredOn(section -> section.startsWith(state.shown() + "\n"))
          .singleElement(InstanceOfAssertFactories.STRING)
          .contains("\nVerdict: ");
    }
    for (Class<?> verdict : Verdict.class.getPermittedSubclasses()) {
      String words = verdict.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", " ").toLowerCase(ROOT);
      assertThat(page).contains("\n| " + words + " | ");
    }
    for (String section : sections) {
      Matcher shown = Pattern.compile("```\nRun [0-9a-f]{8} is ([a-z-]+)\\.").matcher(section);
      while (shown.find()) {
        assertThat(section).startsWith(shown.group(1) + "\n");
      }
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(Stream.of(README), docs)
          .filter(page -> page.toString().endsWith(".md"))
          .toList();
    }
  }

  private static TreeSet<String> properties() throws IOException {
    Map<?, ?> document =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(SETTINGS));
    return flat("", document.get("sweep-runner")).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> flat(String prefix, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      String start = prefix.isEmpty() ? "" : prefix + ".";
      return map.entrySet().stream()
          .flatMap(entry -> flat(start + entry.getKey(), entry.getValue()));
    }
    return Stream.of((prefix + " = " + value).strip());
  }
}
