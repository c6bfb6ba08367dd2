package dev.sweeprunner.architecture;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The pages keep up with what they describe. */
class DocumentationTests {
  private static final Path SETTINGS = Path.of("application.yml");
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
