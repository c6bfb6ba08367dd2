package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads {@code parameters}: axes with values, fixed values, and W&amp;B's nested form. */
final class ParameterReader {
  private static final int DEEPEST = 16;
  private static final int MOST_PARAMETERS = 10_000;
  private static final Set<String> LISTABLE = Set.of("categorical", "constant");
  private static final Set<String> RANDOM =
      Set.of("distribution", "min", "max", "mu", "sigma", "q", "probabilities");
  private static final List<String> FORMS = List.of("values", "value", "parameters");
  private static final String LIST_VALUES = "List what the grid should take: {values: [...]}";

  private final YamlDocument document;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  private ParameterReader(YamlDocument document) {
    this.document = document;
  }

  /**
   * Reads the axes in the file's order, nested ones under their dotted keys.
   *
   * @throws UserError with key and line for anything a grid cannot enumerate
   */
  static List<Parameter> read(YamlDocument document, YamlMap.Entry section) {
    ParameterReader reader = new ParameterReader(document);
    reader.readMap("", section, 0);
    if (reader.parameters.isEmpty()) {
      throw document.error(
          section.line(),
          "parameters is empty",
          "Give it at least one key, for example training.seed: {values: [64]}");
    }
    return List.copyOf(reader.parameters.values());
  }

  private void readMap(String prefix, YamlMap.Entry section, int depth) {
    if (!(section.value() instanceof MappingNode map)) {
      throw document.error(
          section.line(),
          name(prefix, "parameters") + " is not a map",
          "Write one key per parameter, each with its values");
    }
    if (depth > DEEPEST) {
      throw document.error(section.line(), "parameters nest too deeply", "Use dotted keys");
    }
    for (YamlMap.Entry entry : YamlMap.entries(document, map).values()) {
      readOne(name(prefix, entry.key()), entry, depth);
    }
  }

  private static String name(String prefix, String key) {
    return prefix.isEmpty() ? key : prefix + "." + key;
  }

  private void readOne(String key, YamlMap.Entry entry, int depth) {
    Node node = entry.value();
    if (node instanceof ScalarNode) {
      add(key, entry.line(), List.of(node));
      return;
    }
    if (!(node instanceof MappingNode map)) {
      throw document.error(
          entry.line(), "parameter " + key + " is a bare list", "Write it as {values: [...]}");
    }
    Map<String, YamlMap.Entry> forms = YamlMap.entries(document, map);
    checkForms(key, entry.line(), forms);
    YamlMap.Entry values = forms.get("values");
    YamlMap.Entry value = forms.get("value");
    YamlMap.Entry nested = forms.get("parameters");
    if (nested != null) {
      readMap(key, nested, depth + 1);
    } else if (values != null) {
      add(key, entry.line(), elements(key, values));
    } else if (value != null) {
      add(key, entry.line(), List.of(value.value()));
    } else {
      add(new Parameter(key, entry.line(), Ranges.choices(document, key, forms), false));
    }
  }

  /** At most one of the forms that list values, and nothing that contradicts it. */
  private void checkForms(String key, int line, Map<String, YamlMap.Entry> forms) {
    if (forms.isEmpty()) {
      throw document.error(line, "parameter " + key + " has no values", LIST_VALUES);
    }
    long given = FORMS.stream().filter(forms::containsKey).count();
    if (given > 1) {
      throw document.error(
          line,
          "parameter " + key + " has more than one of values, value and parameters",
          "Keep one of them");
    }
    for (YamlMap.Entry form : forms.values()) {
      if (!FORMS.contains(form.key()) && !RANDOM.contains(form.key())) {
        throw unknownForm(key, form);
      }
    }
    YamlMap.Entry distribution = forms.get("distribution");
    if (given > 0 && distribution != null && !LISTABLE.contains(Ranges.text(distribution))) {
      throw document.error(
          distribution.line(),
          "parameter %s has values and distribution: %s; a grid cannot enumerate both"
              .formatted(key, Ranges.text(distribution)),
          "Keep the values");
    }
  }

  private UserError unknownForm(String key, YamlMap.Entry form) {
    return document.error(
        form.line(),
        "parameter " + key + " has the unknown key " + form.key(),
        Nearest.to(form.key(), FORMS)
            .map(known -> "Did you mean " + known)
            .orElse("Nested keys stand under parameters: {...}, values under values: [...]"));
  }

  private List<Node> elements(String key, YamlMap.Entry values) {
    if (!(values.value() instanceof SequenceNode list)) {
      throw document.error(
          values.line(),
          "values of parameter " + key + " is not a list",
          "Write values: [...], or value: for a single one");
    }
    if (list.getValue().isEmpty()) {
      throw document.error(
          values.line(),
          "values of parameter " + key + " is empty",
          "Give it at least one value, or remove the parameter");
    }
    return list.getValue();
  }

  private void add(String key, int line, List<Node> values) {
    Map<Boolean, List<Node>> byKind =
        values.stream().collect(Collectors.partitioningBy(MappingNode.class::isInstance));
    List<Node> maps = byKind.getOrDefault(true, List.of());
    if (maps.isEmpty()) {
      add(new Parameter(key, line, values.stream().map(v -> choice(key, v)).toList(), false));
    } else if (maps.size() == values.size()) {
      addLinked(key, maps);
    } else {
      throw document.error(
          maps.get(0),
          "values of parameter " + key + " are partly a map and partly none",
          "Give maps only, or list the values of each key under parameters: {...}");
    }
  }

  /** Values that are maps: their keys are parameters that move together. */
  private void addLinked(String key, List<Node> maps) {
    Map<String, List<Parameter.Choice>> linked = new LinkedHashMap<>();
    for (int i = 0; i < maps.size(); i++) {
      for (YamlMap.Entry entry : YamlMap.entries(document, (MappingNode) maps.get(i)).values()) {
        String name = name(key, entry.key());
        linked
            .computeIfAbsent(
                name,
                any -> new ArrayList<>(Collections.nCopies(maps.size(), Parameter.Choice.NONE)))
            .set(i, choice(name, entry.value()));
      }
    }
    boolean first = true;
    for (Map.Entry<String, List<Parameter.Choice>> one : linked.entrySet()) {
      int line =
          one.getValue().stream()
              .mapToInt(Parameter.Choice::line)
              .filter(l -> l > 0)
              .min()
              .orElse(1);
      add(new Parameter(one.getKey(), line, one.getValue(), !first));
      first = false;
    }
  }

  private Parameter.Choice choice(String key, Node node) {
    if (node instanceof MappingNode) {
      throw document.error(
          node,
          "parameter " + key + " is a map within a map",
          "To give it values of its own, write parameters: {...} instead of value or values");
    }
    boolean quoted =
        node instanceof ScalarNode scalar && scalar.getScalarStyle() != ScalarStyle.PLAIN;
    Object value = YamlValues.value(document, "parameter " + key, node);
    return new Parameter.Choice(value, YamlDocument.line(node), quoted);
  }

  private void add(Parameter parameter) {
    Parameter before = parameters.putIfAbsent(parameter.key(), parameter);
    if (before != null) {
      throw document.error(
          parameter.line(),
          "parameter " + parameter.key() + " stands here and in line " + before.line(),
          "Remove one of the two");
    }
    if (parameters.size() > MOST_PARAMETERS) {
      throw document.error(
          parameter.line(),
          "there are more than " + MOST_PARAMETERS + " parameters",
          "Split the sweep");
    }
  }
}
