package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The keys of a sweep file, and what its method makes of its parameters.
 *
 * @param entries by key, in file order
 */
record TopLevel(YamlDocument document, Map<String, YamlMap.Entry> entries) {
  private static final List<String> METHODS = List.of("grid", "random");

  /** A key's string; null where it is missing or null. */
  @Nullable String text(String key) {
    YamlMap.Entry entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    boolean scalar = entry.value() instanceof ScalarNode;
    Object value = scalar ? YamlValues.scalar(document, key, entry.value()) : entry;
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw document.error(
        entry.line(), key + " is not a string", scalar ? "Put it in quotes" : "Write one word");
  }

  /** A key's string; {@code otherwise} where it is missing, null or empty. */
  String text(String key, String otherwise) {
    String text = text(key);
    return text == null || text.isEmpty() ? otherwise : text;
  }

  /** The built-in reading. */
  Grid grid() {
    String method = text("method");
    YamlMap.Entry entry = entries.get("method");
    if (entry != null && !"grid".equals(method)) {
      throw document.error(
          entry.line(),
          "method is " + method + "; only grid can be run here",
          "Write method: grid and list the values of every parameter");
    }
    return Grid.of(document.path().toString(), ParameterReader.read(document, parameters()));
  }

  /**
   * W&amp;B's reading.
   *
   * @param seed the name that random points depend on
   */
  PointSpace space(SpaceOptions options, String seed) {
    String method = text("method", "grid");
    if (!METHODS.contains(method)) {
      throw otherMethod(method);
    }
    SpaceReader.Variables variables = SpaceReader.read(document, parameters(), options.numbers());
    OptionalInt runs = options.runs().isPresent() ? options.runs() : runCap();
    if (method.equals("grid")) {
      return GridSpace.of(document, variables, runs);
    } else if (runs.isPresent()) {
      return new RandomSpace(seed, variables, runs.getAsInt());
    }
    throw document.error(
        line("method"),
        "method is random and nothing says how many points there are",
        "Write run_cap: N, or give --runs N");
  }

  private UserError otherMethod(String method) {
    if (method.equals("bayes") || method.equals("custom")) {
      return document.error(
          line("method"),
          "method is " + method + ", which chooses each point by the results of earlier ones",
          "Write method: grid and list values, or method: random with run_cap: N");
    }
    return document.error(
        line("method"),
        "method is " + method + ", which is none that W&B has",
        Nearest.to(method, METHODS)
            .map(known -> "Did you mean " + known)
            .orElse("Write method: grid, or method: random with run_cap: N"));
  }

  /** {@code run_cap}. */
  OptionalInt runCap() {
    YamlMap.Entry entry = entries.get("run_cap");
    if (entry == null) {
      return OptionalInt.empty();
    }
    Object value =
        entry.value() instanceof ScalarNode
            ? YamlValues.scalar(document, "run_cap", entry.value())
            : null;
    if (value instanceof Long cap && cap > 0 && cap <= Integer.MAX_VALUE) {
      return OptionalInt.of(cap.intValue());
    }
    throw document.error(
        entry.line(), "run_cap is " + Ranges.text(entry), "Write a whole number above 0");
  }

  private YamlMap.Entry parameters() {
    YamlMap.Entry parameters = entries.get("parameters");
    if (parameters == null) {
      throw new UserError(
          document.path().toString(),
          "there is no parameters section",
          "add parameters: with at least one key and its values");
    }
    return parameters;
  }

  private int line(String key) {
    YamlMap.Entry entry = entries.get(key);
    return entry == null ? 1 : entry.line();
  }
}
