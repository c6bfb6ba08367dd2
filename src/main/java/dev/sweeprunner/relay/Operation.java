package dev.sweeprunner.relay;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A GraphQL operation.
 *
 * @param name as the client calls it
 * @param document what it asks for, in GraphQL
 */
record Operation(String name, String document, Map<String, @Nullable Object> variables) {
  private static final int LONGEST_NAME = 100;
  private static final Pattern NAMED = Pattern.compile("\\b(?:query|mutation)\\s+(\\w+)");

  /** Reads the body of a request. */
  static Operation of(byte[] body) throws UnreadableJson {
    Fields request = Fields.of(body);
    String document = request.textOr("query", "");
    String name = request.textOr("operationName", "");
    Fields variables = request.objectOrNull("variables");
    return new Operation(
        shown(name.isBlank() ? nameIn(document) : name),
        document,
        variables == null ? Map.of() : variables.members());
  }

  /**
   * A variable that is a text, cut to what a name may have; empty where there is none. Newer
   * clients have some of them in one that is called {@code input}.
   */
  String text(String variable) {
    return cut(value(variable));
  }

  /** A member of the first element of a variable that is a list; empty where there is none. */
  String textInFirst(String variable, String member) {
    return value(variable) instanceof List<?> list
            && !list.isEmpty()
            && list.get(0) instanceof Map<?, ?> first
        ? cut(first.get(member))
        : "";
  }

  /** All variables; where a client has them in one that is called {@code input}, those in it. */
  Map<String, @Nullable Object> input() {
    if (!(variables.get("input") instanceof Map<?, ?> input)) {
      return variables;
    }
    Map<String, @Nullable Object> inner = new LinkedHashMap<>();
    input.forEach((name, value) -> inner.put(String.valueOf(name), value));
    return inner;
  }

  private @Nullable Object value(String variable) {
    Object value = variables.get(variable);
    return value == null && variables.get("input") instanceof Map<?, ?> input
        ? input.get(variable)
        : value;
  }

  private static String cut(@Nullable Object value) {
    return value instanceof String text ? text.substring(0, Math.min(200, text.length())) : "";
  }

  /** Whether a variable is there and holds something. */
  boolean says(String variable) {
    return variables.get(variable) != null;
  }

  private static String nameIn(String document) {
    Matcher named = NAMED.matcher(document);
    return named.find() ? named.group(1) : "a request without a name";
  }

  private static String shown(String name) {
    String plain = name.replaceAll("[^\\w .-]", "?");
    return plain.substring(0, Math.min(LONGEST_NAME, plain.length()));
  }
}
