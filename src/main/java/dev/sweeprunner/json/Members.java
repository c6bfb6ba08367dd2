package dev.sweeprunner.json;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The members of JSON objects as they were written: no number changes its digits, and {@code NaN}
 * and the infinities stay bare tokens. Stateless; any thread.
 */
public final class Members {
  private Members() {}

  /**
   * Name to value as it is written, in their order. Of two members with one name the later one
   * counts.
   *
   * @param object with its braces
   * @throws UnreadableJson if it is no JSON object
   */
  public static Map<String, String> of(String object) throws UnreadableJson {
    Map<String, String> members = new LinkedHashMap<>();
    MemberText.of(object).forEach(member -> members.put(member.name(), member.value()));
    return members;
  }

  /** The object of these members, with its braces. */
  public static String object(Map<String, String> members) {
    StringBuilder object = new StringBuilder("{");
    members.forEach(
        (name, value) -> {
          object.append(object.length() == 1 ? "" : ",");
          object.append(Json.quoted(name)).append(':').append(value);
        });
    return object.append('}').toString();
  }

  /** The same with {@code NaN} and the infinities in quotes, so that every reader takes it. */
  public static String plain(String json) {
    StringBuilder plain = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); ) {
      boolean token = "NI".indexOf(json.charAt(i)) >= 0 || json.startsWith("-I", i);
      int end = token || json.charAt(i) == '"' ? end(json, i) : i + 1;
      String quote = token ? "\"" : "";
      plain.append(quote).append(json, i, end).append(quote);
      i = end;
    }
    return plain.toString();
  }

  /** The end of the value that begins here; -1 where the text ends before. */
  public static int end(String text, int start) {
    char first = text.charAt(start);
    if (first == '"') {
      return stringEnd(text, start);
    }
    return first == '{' || first == '[' ? nestedEnd(text, start) : tokenEnd(text, start);
  }

  private static int stringEnd(String text, int start) {
    for (int i = start + 1; i < text.length(); i++) {
      if (text.charAt(i) == '"') {
        return i + 1;
      }
      i += text.charAt(i) == '\\' ? 1 : 0;
    }
    return -1;
  }

  private static int nestedEnd(String text, int start) {
    int depth = 0;
    for (int i = start; i >= 0 && i < text.length(); ) {
      char c = text.charAt(i);
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      i = c == '"' ? stringEnd(text, i) : i + 1;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  private static int tokenEnd(String text, int start) {
    int i = start;
    while (i < text.length() && ",:{}[]\" \t\r\n".indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }
}
