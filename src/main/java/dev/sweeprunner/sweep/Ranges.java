package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The ranges that W&amp;B's grid enumerates: whole numbers from {@code min} to {@code max}, both
 * included ({@code int_uniform}, also where no distribution is named), and steps of {@code q} from
 * {@code min} on, {@code max} excluded ({@code q_uniform}).
 */
final class Ranges {
  private static final int MOST_VALUES = 1_000_000;
  private static final String WAY_OUT =
      "List what the grid should take: {values: [...]}, or give a step:"
          + " {distribution: q_uniform, min: 0.0, max: 1.0, q: 0.25}";

  private final YamlDocument document;
  private final String key;
  private final Map<String, YamlMap.Entry> forms;

  private Ranges(YamlDocument document, String key, Map<String, YamlMap.Entry> forms) {
    this.document = document;
    this.key = key;
    this.forms = forms;
  }

  /**
   * The values of a parameter that lists none.
   *
   * @param forms what stands in its map; not empty
   * @throws UserError for what a grid cannot enumerate
   */
  static List<Parameter.Choice> choices(
      YamlDocument document, String key, Map<String, YamlMap.Entry> forms) {
    Ranges ranges = new Ranges(document, key, forms);
    YamlMap.Entry distribution = forms.get("distribution");
    String name = distribution == null ? "int_uniform" : text(distribution);
    return switch (name) {
      case "int_uniform" -> ranges.wholes();
      case "q_uniform" -> ranges.steps();
      default -> throw ranges.impossible(distribution, "distribution: " + name);
    };
  }

  static String text(YamlMap.Entry form) {
    return form.value() instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }

  private List<Parameter.Choice> wholes() {
    for (YamlMap.Entry form : forms.values()) {
      boolean bound = form.key().equals("min") || form.key().equals("max");
      if (bound ? !(number(form) instanceof Long) : !form.key().equals("distribution")) {
        throw impossible(form, form.key());
      }
    }
    long min = bound("min").longValue();
    long max = bound("max").longValue();
    return list((double) max - min + 1, i -> min + i);
  }

  /** As numpy's {@code arange}, to the bit: the step is what separates the first two values. */
  private List<Parameter.Choice> steps() {
    Number min = bound("min");
    Number max = bound("max");
    YamlMap.Entry form = forms.get("q");
    Number q = form == null ? (Number) 1.0 : number(form);
    if (form != null && !(q.doubleValue() > 0 && Double.isFinite(q.doubleValue()))) {
      throw document.error(
          form.line(), "q of parameter " + key + " is " + q, "Give a step above 0");
    }
    double count = Math.ceil((max.doubleValue() - min.doubleValue()) / q.doubleValue());
    if (min instanceof Long first && max instanceof Long && q instanceof Long step) {
      return list(count, i -> first + i * step);
    }
    double first = min.doubleValue();
    double second = first + q.doubleValue();
    return list(count, i -> i == 1 ? second : first + i * (second - first));
  }

  private List<Parameter.Choice> list(double count, IntFunction<Object> value) {
    int line = forms.values().iterator().next().line();
    if (!(bound("min").doubleValue() < bound("max").doubleValue())) {
      throw document.error(
          line, "parameter " + key + " has a min that is not below its max", "Swap or mend them");
    }
    if (!(count <= MOST_VALUES)) {
      throw document.error(
          line,
          "parameter " + key + " has more than " + MOST_VALUES + " values",
          "Give it a larger step or fewer values");
    }
    List<Parameter.Choice> choices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      choices.add(new Parameter.Choice(value.apply(i), line, false));
    }
    return choices;
  }

  private Number bound(String name) {
    YamlMap.Entry form = forms.get(name);
    if (form == null) {
      YamlMap.Entry other = forms.values().iterator().next();
      throw impossible(other, other.key());
    }
    return number(form);
  }

  private Number number(YamlMap.Entry form) {
    if (YamlValues.scalar(document, "parameter " + key, form.value()) instanceof Number number) {
      return number;
    }
    throw document.error(
        form.line(),
        form.key() + " of parameter " + key + " is " + text(form) + ", in YAML no number",
        "Write one such as 16, 0.25 or 1.0e-4, without quotes");
  }

  private UserError impossible(YamlMap.@Nullable Entry form, String what) {
    return document.error(
        form == null ? 1 : form.line(),
        "parameter " + key + " has " + what + " and no values; a grid cannot enumerate that",
        WAY_OUT);
  }
}
