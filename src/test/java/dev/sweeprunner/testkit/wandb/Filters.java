package dev.sweeprunner.testkit.wandb;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Filter documents in the manner of MongoDB, as the runs query takes them. */
final class Filters {
  private Filters() {}

  /** What a JSON text asks for; null, empty and {@code {}} ask for everything. */
  static Predicate<RunView> of(@Nullable String json) {
    if (json == null || json.isBlank()) {
      return run -> true;
    }
    try {
      return document(Json.read(json));
    } catch (JacksonException notJson) {
      throw new Refusal(400, "filters are not JSON");
    }
  }

  private static Predicate<RunView> document(@Nullable Object document) {
    if (!(document instanceof Map<?, ?> members)) {
      throw new Refusal(400, "filters are not an object");
    }
    Predicate<RunView> all = run -> true;
    for (Map.Entry<?, ?> member : members.entrySet()) {
      all = all.and(member(String.valueOf(member.getKey()), member.getValue()));
    }
    return all;
  }

  private static Predicate<RunView> member(String key, @Nullable Object value) {
    return switch (key) {
      case "$and" -> parts(value).stream().reduce(run -> true, Predicate::and);
      case "$or" -> parts(value).stream().reduce(run -> false, Predicate::or);
      case "$nor" -> parts(value).stream().reduce(run -> false, Predicate::or).negate();
      default -> condition(key, value);
    };
  }

  private static List<Predicate<RunView>> parts(@Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      throw new Refusal(400, "a logical operator wants a list");
    }
    return list.stream().map(Filters::document).toList();
  }

  private static Predicate<RunView> condition(String key, @Nullable Object value) {
    boolean operators =
        value instanceof Map<?, ?> map
            && !map.isEmpty()
            && map.keySet().stream().allMatch(k -> String.valueOf(k).startsWith("$"));
    if (!operators) {
      return run -> run.has(key, value);
    }
    Predicate<RunView> all = run -> true;
    for (Map.Entry<String, @Nullable Object> operator : Json.members(value).entrySet()) {
      all = all.and(operator(key, operator.getKey(), operator.getValue()));
    }
    return all;
  }

  private static Predicate<RunView> operator(String key, String name, @Nullable Object value) {
    return switch (name) {
      case "$eq" -> run -> run.has(key, value);
      case "$ne" -> run -> !run.has(key, value);
      case "$gt" -> ordered(key, value, order -> order > 0);
      case "$gte" -> ordered(key, value, order -> order >= 0);
      case "$lt" -> ordered(key, value, order -> order < 0);
      case "$lte" -> ordered(key, value, order -> order <= 0);
      case "$in" -> in(key, value);
      case "$nin" -> in(key, value).negate();
      case "$exists" -> run -> (run.attribute(key) != null) == Boolean.TRUE.equals(value);
      case "$regex" -> regex(key, value);
      default -> throw new Refusal(400, "unknown operator " + name);
    };
  }

  private static Predicate<RunView> ordered(
      String key, @Nullable Object value, IntPredicate wanted) {
    return run -> {
      Integer order = Values.order(run.attribute(key), value);
      return order != null && wanted.test(order);
    };
  }

  private static Predicate<RunView> in(String key, @Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      throw new Refusal(400, "$in and $nin want a list");
    }
    if (list.stream().allMatch(item -> item instanceof String)) {
      Set<Object> texts = new HashSet<>(list);
      return run ->
          run.attribute(key) instanceof List<?> several
              ? several.stream().anyMatch(texts::contains)
              : texts.contains(run.attribute(key));
    }
    return run -> list.stream().anyMatch(item -> run.has(key, item));
  }

  private static Predicate<RunView> regex(String key, @Nullable Object value) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(String.valueOf(value));
    } catch (PatternSyntaxException wrong) {
      throw new Refusal(400, "$regex cannot be read");
    }
    return run -> run.attribute(key) instanceof String text && pattern.matcher(text).find();
  }
}
