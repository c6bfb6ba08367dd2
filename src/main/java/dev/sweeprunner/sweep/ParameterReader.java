package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      add(key, entry.line(), List.of(choice(node)));
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
      add(key, entry.line(), choices(key, values));
    } else if (value != null) {
      add(key, entry.line(), List.of(choice(value.value())));
    }
  }

  /** Exactly one of the forms a grid can enumerate, and nothing that contradicts it. */
  private void checkForms(String key, int line, Map<String, YamlMap.Entry> forms) {
    long given = FORMS.stream().filter(forms::containsKey).count();
    if (given > 1) {
      throw document.error(
          line,
          "parameter " + key + " has more than one of values, value and parameters",
          "Keep one of them");
    }
    for (YamlMap.Entry form : forms.values()) {
      if (form.key().equals("distribution")) {
        checkDistribution(key, form, given > 0);
      } else if (given == 0 && RANDOM.contains(form.key())) {
        throw document.error(
            form.line(),
            "parameter "
                + key
                + " has "
                + form.key()
                + " and no values; a grid cannot"
                + " enumerate that",
            LIST_VALUES);
      } else if (!FORMS.contains(form.key()) && !RANDOM.contains(form.key())) {
        throw unknownForm(key, form);
      }
    }
    if (given == 0) {
      throw document.error(line, "parameter " + key + " has no values", LIST_VALUES);
    }
  }

  private void checkDistribution(String key, YamlMap.Entry form, boolean listed) {
    String text = form.value() instanceof ScalarNode scalar ? scalar.getValue() : "?";
    if (!listed || !LISTABLE.contains(text)) {
      throw document.error(
          form.line(),
          "parameter " + key + " has distribution: " + text + "; a grid cannot enumerate that",
          LIST_VALUES);
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

  private List<Parameter.Choice> choices(String key, YamlMap.Entry values) {
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
    List<Parameter.Choice> choices = new ArrayList<>(list.getValue().size());
    for (Node element : list.getValue()) {
      choices.add(choice(element));
    }
    return choices;
  }

  private Parameter.Choice choice(Node node) {
    return new Parameter.Choice(YamlValues.value(document, node), YamlDocument.line(node));
  }

  private void add(String key, int line, List<Parameter.Choice> choices) {
    Parameter before = parameters.putIfAbsent(key, new Parameter(key, line, choices));
    if (before != null) {
      throw document.error(
          line,
          "parameter " + key + " stands here and in line " + before.line(),
          "Remove one of the two");
    }
    if (parameters.size() > MOST_PARAMETERS) {
      throw document.error(
          line, "there are more than " + MOST_PARAMETERS + " parameters", "Split the sweep");
    }
  }
}
