package dev.sweeprunner.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One row of a run as it lies on disk, so that every number keeps its digits. Immutable.
 *
 * @param step the iteration
 * @param values the reproducible part, as members of a JSON object without its braces: {@code
 *     "train/loss":1.36,"lr":0.0048}
 * @param wall likewise, what depends on the machine; may be empty
 * @param logged likewise, the row as its program logged it, with {@code NaN} and the infinities as
 *     bare tokens; {@code values} are the numbers in it. Null where {@code values} are all there is
 */
public record RowText(long step, String values, String wall, @Nullable String logged) {
  /** A row of numbers alone. */
  public RowText(long step, String values, String wall) {
    this(step, values, wall, null);
  }

  /**
   * Hands on the name and the value of each member in their order; NaN and the infinities without
   * quotes.
   *
   * @param members {@link #values} or {@link #wall}
   */
  public static void each(String members, BiConsumer<String, String> member) {
    for (int start = 0; start < members.length(); ) {
      int close = closing(members, start);
      int comma = members.indexOf(',', close);
      int end = comma < 0 ? members.length() : comma;
      int quote = members.charAt(close + 2) == '"' ? 1 : 0;
      member.accept(
          name(members.substring(start + 1, close)),
          members.substring(close + 2 + quote, end - quote));
      start = end + 1;
    }
  }

  /** Where the string that starts here ends. */
  private static int closing(String text, int start) {
    int i = start + 1;
    while (text.charAt(i) != '"') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  private static String name(String written) {
    if (written.indexOf('\\') < 0) {
      return written;
    }
    try {
      return Json.object(("{\"" + written + "\":0}").getBytes(UTF_8)).keySet().iterator().next();
    } catch (UnreadableJson e) {
      return written;
    }
  }
}
