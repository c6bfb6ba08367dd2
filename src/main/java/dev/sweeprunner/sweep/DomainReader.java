package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads what W&amp;B lets stand under a parameter: values, a value, or a distribution. */
final class DomainReader {
  private static final List<String> REQUIRED =
      List.of("value", "values", "probabilities", "min", "max");
  private static final Map<String, List<String>> ARGUMENTS = arguments();
  private static final double MOST_WHOLES = 0x1.0p53;

  private final YamlDocument document;
  private final PlainValues values;
  private final String key;
  private final int line;
  private final Map<String, YamlMap.Entry> forms;

  private DomainReader(
      YamlDocument document,
      PlainValues values,
      String key,
      int line,
      Map<String, YamlMap.Entry> forms) {
    this.document = document;
    this.values = values;
    this.key = key;
    this.line = line;
    this.forms = forms;
  }

  private static Map<String, List<String>> arguments() {
    Map<String, List<String>> arguments = new LinkedHashMap<>();
    arguments.put("constant", List.of("value"));
    arguments.put("categorical", List.of("values"));
    arguments.put("categorical_w_probabilities", List.of("values", "probabilities"));
    arguments.put("int_uniform", List.of("min", "max"));
    for (String name : new String[] {"uniform", "log_uniform", "log_uniform_values"}) {
      arguments.put(name, List.of("min", "max"));
      arguments.put("q_" + name, List.of("min", "max", "q"));
    }
    arguments.put("inv_log_uniform", List.of("min", "max"));
    arguments.put("inv_log_uniform_values", List.of("min", "max"));
    for (String name : new String[] {"normal", "log_normal"}) {
      arguments.put(name, List.of("mu", "sigma"));
      arguments.put("q_" + name, List.of("mu", "sigma", "q"));
    }
    arguments.put("beta", List.of("a", "b"));
    arguments.put("q_beta", List.of("a", "b", "q"));
    return arguments;
  }

  /**
   * Reads it.
   *
   * @param key the parameter's dotted name
   * @param line its line
   * @param forms what stands in its map
   * @throws UserError for what W&amp;B does not take either, and for what has no value
   */
  static Domain read(
      YamlDocument document,
      PlainValues values,
      String key,
      int line,
      Map<String, YamlMap.Entry> forms) {
    return new DomainReader(document, values, key, line, forms).domain();
  }

  private Domain domain() {
    String name = distribution();
    List<String> arguments = ARGUMENTS.get(name);
    if (arguments == null) {
      throw document.error(
          line("distribution"),
          "parameter " + key + " has the unknown distribution " + name,
          Nearest.to(name, ARGUMENTS.keySet())
              .map(known -> "Did you mean " + known)
              .orElse("W&B has " + String.join(", ", ARGUMENTS.keySet())));
    }
    check(name, arguments);
    return switch (name) {
      case "constant" -> new Domain.Constant(values.value(what(), form("value").value()));
      case "categorical" -> new Domain.Choices(elements("values"));
      case "categorical_w_probabilities" -> weighted();
      case "int_uniform" -> wholes();
      default -> drawn(name, arguments);
    };
  }

  /** The one that is named, else the one that W&amp;B takes for these keys. */
  private String distribution() {
    YamlMap.Entry given = forms.get("distribution");
    if (given != null) {
      return Ranges.text(given);
    } else if (forms.containsKey("value")) {
      return "constant";
    } else if (forms.containsKey("values")) {
      return forms.containsKey("probabilities") ? "categorical_w_probabilities" : "categorical";
    } else if (forms.containsKey("min") && forms.containsKey("max")) {
      return isWhole("min") && isWhole("max") ? "int_uniform" : "uniform";
    }
    for (YamlMap.Entry form : forms.values()) {
      checkKnown(form);
    }
    throw document.error(
        line,
        "parameter " + key + " has neither values nor a distribution",
        "Write {values: [...]}, or name a distribution with its arguments");
  }

  private boolean isWhole(String name) {
    return values.value(what(), form(name).value()) instanceof Long;
  }

  private void check(String name, List<String> arguments) {
    for (YamlMap.Entry form : forms.values()) {
      checkKnown(form);
      if (!form.key().equals("distribution") && !arguments.contains(form.key())) {
        throw document.error(
            form.line(),
            "parameter %s has %s, which %s does not take".formatted(key, form.key(), name),
            "Remove it, or name another distribution; this one takes "
                + String.join(", ", arguments));
      }
    }
    for (String argument : arguments) {
      if (REQUIRED.contains(argument) && !forms.containsKey(argument)) {
        throw document.error(
            line,
            "parameter %s has no %s, which %s needs".formatted(key, argument, name),
            "Give it " + String.join(", ", arguments));
      }
    }
  }

  private void checkKnown(YamlMap.Entry form) {
    List<String> known = new ArrayList<>(List.of("distribution", "parameters"));
    ARGUMENTS.values().forEach(known::addAll);
    if (!known.contains(form.key())) {
      throw document.error(
          form.line(),
          "parameter " + key + " has the unknown key " + form.key(),
          Nearest.to(form.key(), known)
              .filter(name -> name.length() > 2)
              .map(name -> "Did you mean " + name)
              .orElse("Nested keys stand under parameters: {...}, values under values: [...]"));
    }
  }

  private Domain weighted() {
    List<@Nullable Object> choices = elements("values");
    List<Double> shares = new ArrayList<>();
    for (Node node : nodes("probabilities")) {
      shares.add(number("probabilities", node).doubleValue());
    }
    double[] sums = shares.stream().mapToDouble(share -> share).toArray();
    Arrays.parallelPrefix(sums, Double::sum);
    if (shares.size() != choices.size()
        || shares.stream().anyMatch(share -> share < 0)
        || Math.abs(sums[sums.length - 1] - 1) > 1e-5) {
      throw document.error(
          line("probabilities"),
          "probabilities of parameter "
              + key
              + " are not one share per value, none below 0, that sum to 1",
          "Write as many as there are values, for example [0.5, 0.25, 0.25]");
    }
    return new Domain.Weighted(choices, sums);
  }

  private Domain wholes() {
    long[] bounds = new long[2];
    for (int i = 0; i < 2; i++) {
      String name = i == 0 ? "min" : "max";
      if (!(number(name, form(name).value()) instanceof Long bound)) {
        throw document.error(
            line(name), name + " of parameter " + key + " is no whole number", "Write one");
      }
      bounds[i] = bound;
    }
    checkOrder(bounds[0], bounds[1]);
    if ((double) bounds[1] - bounds[0] >= MOST_WHOLES) {
      throw document.error(line, "parameter " + key + " spans more than 2^53", "Narrow it");
    }
    return new Domain.Wholes(bounds[0], bounds[1]);
  }

  private Domain drawn(String name, List<String> arguments) {
    boolean rounded = arguments.size() == 3;
    String plain = rounded ? name.substring(2) : name;
    Number first = argument(arguments.get(0));
    Number second = argument(arguments.get(1));
    checkNumbers(plain, first, second);
    ToDoubleFunction<Draws> formula =
        Distributions.formula(plain, first.doubleValue(), second.doubleValue());
    if (!rounded) {
      return new Domain.Drawn(name, formula::applyAsDouble);
    }
    Number q = argument("q");
    checkAboveZero("q", q);
    Domain drawn = new Domain.Drawn(name, Distributions.rounded(formula, q));
    return name.equals("q_uniform") ? new Domain.Steps(first, second, q, drawn) : drawn;
  }

  private void checkNumbers(String name, Number first, Number second) {
    if (name.endsWith("normal")) {
      checkAboveZero("sigma", second);
    } else if (name.equals("beta")) {
      checkAboveZero("a", first);
      checkAboveZero("b", second);
    } else {
      checkOrder(first, second);
      if (name.endsWith("_values")) {
        checkAboveZero("min", first);
      } else if (name.contains("log_")) {
        checkExponents(name, name.startsWith("inv") ? -first.doubleValue() : second.doubleValue());
      }
    }
  }

  private void checkExponents(String name, double largest) {
    if (!Double.isFinite(StrictMath.exp(largest))) {
      throw document.error(
          line,
          "parameter " + key + " has limits that are too large for exponents of e",
          "Write distribution: " + name + "_values to give the limits themselves");
    }
  }

  private void checkOrder(Number min, Number max) {
    if (!(min.doubleValue() < max.doubleValue())) {
      throw document.error(
          line("min"),
          "parameter " + key + " has a min that is not below its max",
          "Swap or mend them");
    }
  }

  private void checkAboveZero(String name, Number number) {
    if (!(number.doubleValue() > 0)) {
      throw document.error(
          line(name), name + " of parameter " + key + " is " + number, "Give one above 0");
    }
  }

  /** An argument; mu is 0 and the others 1 where it is not given, as the schema has it. */
  private Number argument(String name) {
    YamlMap.Entry form = forms.get(name);
    return form == null ? (Number) (name.equals("mu") ? 0.0 : 1.0) : number(name, form.value());
  }

  private Number number(String name, Node node) {
    if (values.value(what(), node) instanceof Number number
        && Double.isFinite(number.doubleValue())) {
      return number;
    }
    throw document.error(
        node,
        "%s of parameter %s is %s, in YAML no number"
            .formatted(name, key, Ranges.text(new YamlMap.Entry(name, line, node))),
        "Write one such as 16, 0.25 or 1.0e-4, without quotes (--numbers reads 1e-4 as one)");
  }

  private List<@Nullable Object> elements(String name) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (Node node : nodes(name)) {
      elements.add(values.value(what(), node));
    }
    return elements;
  }

  private List<Node> nodes(String name) {
    Node node = form(name).value();
    if (node instanceof SequenceNode list && !list.getValue().isEmpty()) {
      return list.getValue();
    }
    throw document.error(
        line(name),
        name
            + " of parameter "
            + key
            + (node instanceof SequenceNode ? " is empty" : " is not a list"),
        "Write " + name + ": [...] with at least one in it");
  }

  private String what() {
    return "parameter " + key;
  }

  private YamlMap.Entry form(String name) {
    YamlMap.Entry form = forms.get(name);
    if (form == null) {
      throw new IllegalStateException(name);
    }
    return form;
  }

  private int line(String name) {
    YamlMap.Entry form = forms.get(name);
    return form == null ? line : form.line();
  }
}
