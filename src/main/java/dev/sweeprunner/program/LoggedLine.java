package dev.sweeprunner.program;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Row;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of W&amp;B's history as the relay keeps it. Its members stay as they were printed.
 *
 * @param timestamp when it was logged, seconds since 1970
 * @param runtime that it shows, seconds
 * @param members all others, without braces
 */
record LoggedLine(long step, double timestamp, double runtime, String members) {
  private static final String STEP = "\"_step\"";
  private static final String TIMESTAMP = "\"_timestamp\"";
  private static final String RUNTIME = "\"_runtime\"";

  /** Reads one; null where it is torn, or no row. */
  static @Nullable LoggedLine of(String line) {
    Map<String, String> members = new Scanner(line.strip()).members();
    if (members == null) {
      return null;
    }
    try {
      String step = members.remove(STEP);
      return step == null
          ? null
          : new LoggedLine(
              (long) Double.parseDouble(step),
              number(members.remove(TIMESTAMP)),
              number(members.remove(RUNTIME)),
              joined(members));
    } catch (NumberFormatException none) {
      return null;
    }
  }

  /** As a row; null where what it holds cannot be read. */
  @Nullable Row row() {
    try {
      return Row.logged(step, members, Map.of("timestamp", timestamp, "runtime", runtime));
    } catch (UnreadableJson odd) {
      return null;
    }
  }

  private static double number(@Nullable String text) {
    return text == null ? 0 : Double.parseDouble(text);
  }

  private static String joined(Map<String, String> members) {
    StringBuilder joined = new StringBuilder();
    members.forEach(
        (name, value) ->
            joined.append(joined.isEmpty() ? "" : ",").append(name).append(':').append(value));
    return joined.toString();
  }

  /** Cuts the members of an object out of its text, names in their quotes. */
  private static final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    @Nullable Map<String, String> members() {
      if (text.length() < 2 || text.charAt(0) != '{' || text.charAt(text.length() - 1) != '}') {
        return null;
      }
      Map<String, String> members = new LinkedHashMap<>();
      int end = text.length() - 1;
      at = 1;
      while (at < end) {
        String name = piece(':', end).strip();
        String value = piece(',', end).strip();
        if (!name.isEmpty()) {
          members.put(name, value);
        }
      }
      return members;
    }

    /** Up to a letter that stands in no string and nothing nested, which is skipped. */
    private String piece(char last, int end) {
      int start = at;
      int depth = 0;
      for (; at < end; at++) {
        char c = text.charAt(at);
        if (c == '"') {
          skipString(end);
        } else if (c == '{' || c == '[') {
          depth++;
        } else if (c == '}' || c == ']') {
          depth--;
        } else if (c == last && depth == 0) {
          at++;
          return text.substring(start, at - 1);
        }
      }
      return text.substring(start, Math.min(at, end));
    }

    private void skipString(int end) {
      for (at++; at < end && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\') {
          at++;
        }
      }
    }
  }
}
