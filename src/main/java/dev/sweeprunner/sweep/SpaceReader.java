package dev.sweeprunner.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads {@code parameters} as W&amp;B does: depth first, names sorted at every level. */
final class SpaceReader {
  private static final int DEEPEST = 16;
  private static final int MOST_PARAMETERS = 10_000;
  private static final Set<String> EXPONENTS =
      Set.of("log_uniform", "inv_log_uniform", "q_log_uniform");

  /**
   * What the section says.
   *
   * @param notes one line each: words that look like numbers, limits that are exponents
   */
  record Variables(List<Variable> all, List<String> notes) {}

  private final YamlDocument document;
  private final PlainValues values;
  private final List<Variable> variables = new ArrayList<>();
  private final Map<String, Variable> byName = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  private SpaceReader(YamlDocument document, boolean numbers) {
    this.document = document;
    this.values = new PlainValues(document, numbers);
  }

  /**
   * Reads it.
   *
   * @param numbers whether words such as {@code 1e-4} are numbers
   * @throws dev.sweeprunner.problem.UserError with key and line for what W&amp;B does not take
   */
  static Variables read(YamlDocument document, YamlMap.Entry section, boolean numbers) {
    SpaceReader reader = new SpaceReader(document, numbers);
    reader.readMap(List.of(), section);
    reader.noteWords();
    return new Variables(List.copyOf(reader.variables), List.copyOf(reader.notes));
  }

  private void readMap(List<String> path, YamlMap.Entry section) {
    String name = path.isEmpty() ? "parameters" : String.join(".", path) + ".parameters";
    if (!(section.value() instanceof MappingNode map)) {
      throw document.error(
          section.line(),
          name + " is not a map",
          "Write one key per parameter, each with its values");
    }
    if (path.size() > DEEPEST) {
      throw document.error(section.line(), "parameters nest too deeply", "Use fewer levels");
    }
    Map<String, YamlMap.Entry> sorted = new TreeMap<>(Nesting.BY_CODE_POINT);
    sorted.putAll(YamlMap.entries(document, map));
    if (sorted.isEmpty()) {
      throw document.error(
          section.line(), name + " is empty", "Give it at least one key, with values: [...]");
    }
    for (YamlMap.Entry entry : sorted.values()) {
      List<String> below = new ArrayList<>(path);
      below.add(entry.key());
      readOne(List.copyOf(below), entry);
    }
  }

  private void readOne(List<String> path, YamlMap.Entry entry) {
    String name = String.join(".", path);
    Node node = entry.value();
    if (node instanceof ScalarNode) {
      add(path, entry, new Domain.Constant(values.value("parameter " + name, node)));
      return;
    }
    if (!(node instanceof MappingNode map)) {
      throw document.error(
          entry.line(), "parameter " + name + " is a bare list", "Write it as {values: [...]}");
    }
    Map<String, YamlMap.Entry> forms = YamlMap.entries(document, map);
    YamlMap.Entry nested = forms.get("parameters");
    if (nested == null) {
      add(path, entry, DomainReader.read(document, values, name, entry.line(), forms));
    } else if (forms.size() == 1) {
      readMap(path, nested);
    } else {
      throw document.error(
          entry.line(),
          "parameter " + name + " has parameters and other keys beside them",
          "Keep the parameters alone");
    }
  }

  private void add(List<String> path, YamlMap.Entry entry, Domain domain) {
    Variable variable = new Variable(path, entry.line(), domain);
    Variable before = byName.putIfAbsent(variable.name(), variable);
    if (before != null) {
      throw document.error(
          entry.line(),
          "parameter " + variable.name() + " stands here and in line " + before.line(),
          "Remove one of the two");
    }
    variables.add(variable);
    if (variables.size() > MOST_PARAMETERS) {
      throw document.error(
          entry.line(),
          "there are more than " + MOST_PARAMETERS + " parameters",
          "Split the sweep");
    }
    if (EXPONENTS.contains(domain.words())) {
      notes.add(
          "%s:%d: %s of %s takes its limits as exponents of e; %s_values takes them as they are"
              .formatted(
                  document.path(), entry.line(), domain.words(), variable.name(), domain.words()));
    }
  }

  private void noteWords() {
    if (values.words().isEmpty()) {
      return;
    }
    SweepFile.Reference first = values.words().get(0);
    int others = values.words().size() - 1;
    notes.add(
        document.path()
            + ":"
            + first.line()
            + ": "
            + first.text()
            + (others == 0 ? "" : " (and " + others + " more like it)")
            + " is a string in YAML and is passed on as one: argparse makes a number of it,"
            + " wandb.config keeps the string, and an optimizer then fails;"
            + " write 1.0e-4 for 1e-4, or give --numbers");
  }
}
