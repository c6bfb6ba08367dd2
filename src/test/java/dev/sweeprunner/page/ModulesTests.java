package dev.sweeprunner.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page's modules can be joined into one script, as an exported file needs them, and none of
 * them makes markup out of text.
 */
class ModulesTests {
  private static final Path FOLDER = Path.of("src", "main", "resources", "page");
  private static final Pattern IMPORT =
      Pattern.compile("import \\{([A-Za-z_, ]+)\\} from \"\\./([a-z-]+\\.js)\";");
  private static final Pattern TOP_LEVEL =
      Pattern.compile("(export )?(?:async )?(?:function|const|let|class) ([A-Za-z_]+).*");
  private static final Pattern MARKUP =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|createContextualFragment|eval\\(|new"
              + " Function|setAttribute\\(\"style\"|https?://(?!www\\.w3\\.org/2000/svg)");

  @Test
  void the_list_names_every_module_once() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> there =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".js"))
              .toList();

      assertThat(modules()).containsExactlyInAnyOrderElementsOf(there);
    }
  }

  @Test
  void modules_import_only_what_stands_before_them() throws IOException {
    Map<String, Set<String>> exported = new HashMap<>();
    List<String> wrong = new ArrayList<>();

    for (String module : modules()) {
      for (String line : lines(module)) {
        Matcher matcher = IMPORT.matcher(line);
        boolean imports = line.startsWith("import");
        if (imports && !(matcher.matches() && isExported(matcher, exported))) {
          wrong.add(module + ": " + line);
        }
      }
      exported.put(module, names(module, true));
    }

    assertThat(wrong).isEmpty();
  }

  private static boolean isExported(Matcher wanted, Map<String, Set<String>> exported) {
    return exported
        .getOrDefault(wanted.group(2), Set.of())
        .containsAll(List.of(wanted.group(1).split(", ")));
  }

  @Test
  void no_name_stands_at_the_top_of_two_modules() throws IOException {
    Set<String> all = new HashSet<>();
    List<String> twice = new ArrayList<>();

    for (String module : modules()) {
      names(module, false).stream()
          .filter(name -> !all.add(name))
          .forEach(name -> twice.add(module + ": " + name));
      assertThat(lines(module)).noneMatch(line -> line.startsWith("export default"));
    }

    assertThat(twice).isEmpty();
  }

  @Test
  void no_module_makes_markup_or_code_out_of_text_or_names_an_address() throws IOException {
    List<String> found = new ArrayList<>();

    for (String module : modules()) {
      lines(module).stream()
          .filter(line -> MARKUP.matcher(line).find())
          .forEach(line -> found.add(module + ": " + line));
    }

    assertThat(found).isEmpty();
  }

  @Test
  void the_page_itself_has_no_script_and_no_style_between_its_lines() throws IOException {
    String page = Files.readString(FOLDER.resolve("index.html"));

    assertThat(page).doesNotContainPattern("<script(?! (type=\"module\" )?src=)|<style");
    assertThat(page).doesNotContainPattern("<[^>]+ (style|on[a-z]+)=");
    assertThat(page).doesNotContain("http:", "https:");
  }

  @Test
  void every_module_says_what_it_is_and_is_short() throws IOException {
    for (String module : modules()) {
      assertThat(lines(module).get(0)).as(module).startsWith("// ");
      assertThat(lines(module)).as(module).hasSizeLessThanOrEqualTo(350);
    }
  }

  private static List<String> modules() throws IOException {
    return lines("modules.txt");
  }

  private static List<String> lines(String name) throws IOException {
    return Files.readAllLines(FOLDER.resolve(name));
  }

  private static Set<String> names(String module, boolean exported) throws IOException {
    return lines(module).stream()
        .map(TOP_LEVEL::matcher)
        .filter(Matcher::matches)
        .filter(matcher -> !exported || matcher.group(1) != null)
        .map(matcher -> matcher.group(2))
        .collect(Collectors.toSet());
  }
}
