package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The ranges that W&amp;B's grid enumerates: whole numbers from {@code min} to {@code max}, both
 * included ({@code int_uniform}, also where no distribution is named), and steps of {@code q} from
 * {@code min} on, {@code max} excluded ({@code q_uniform}).
 */
final class Ranges {
  static final int MOST_VALUES = 1_000_000;
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
    Number min = bound("min");
    Number max = bound("max");
    check(count(min, max.doubleValue() + 1, 1.0));
    return choices(wholes(min.longValue(), max.longValue()));
  }

  private List<Parameter.Choice> steps() {
    Number min = bound("min");
    Number max = bound("max");
    YamlMap.Entry form = forms.get("q");
    Number q = form == null ? (Number) 1.0 : number(form);
    if (form != null && !(q.doubleValue() > 0 && Double.isFinite(q.doubleValue()))) {
      throw document.error(
          form.line(), "q of parameter " + key + " is " + q, "Give a step above 0");
    }
    check(count(min, max, q));
    return choices(steps(min, max, q));
  }

  private void check(double count) {
    if (!(bound("min").doubleValue() < bound("max").doubleValue())) {
      throw document.error(
          line(), "parameter " + key + " has a min that is not below its max", "Swap or mend them");
    }
    if (!(count <= MOST_VALUES)) {
      throw document.error(
          line(),
          "parameter " + key + " has more than " + MOST_VALUES + " values",
          "Give it a larger step or fewer values");
    }
  }

  private List<Parameter.Choice> choices(List<@Nullable Object> values) {
    int line = line();
    return values.stream().map(value -> new Parameter.Choice(value, line, false)).toList();
  }

  private int line() {
    return forms.values().iterator().next().line();
  }

  /** How many steps of {@code q} lie from {@code min} on below {@code max}. */
  static double count(Number min, Number max, Number q) {
    return Math.ceil((max.doubleValue() - min.doubleValue()) / q.doubleValue());
  }

  /** Every whole number from {@code min} to {@code max}. */
  static List<@Nullable Object> wholes(long min, long max) {
    List<@Nullable Object> values = new ArrayList<>();
    for (long i = 0; i <= max - min; i++) {
      values.add(min + i);
    }
    return values;
  }

  /** As numpy's {@code arange}, to the bit: the step is what separates the first two values. */
  static List<@Nullable Object> steps(Number min, Number max, Number q) {
    boolean whole = min instanceof Long && max instanceof Long && q instanceof Long;
    double first = min.doubleValue();
    double second = first + q.doubleValue();
    double count = count(min, max, q);
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (whole) {
        values.add(min.longValue() + i * q.longValue());
      } else {
        values.add(i == 1 ? second : first + i * (second - first));
      }
    }
    return values;
  }

  /** The int that Python takes for equal to a whole float; the float itself if it is none. */
  static Object whole(Double number) {
    if (!Double.isFinite(number) || number != Math.rint(number)) {
      return number;
    }
    BigInteger whole = new BigDecimal(number).toBigInteger();
    return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
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
