package dev.sweeprunner.run;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a program wants W&amp;B to tell people of its run, as its client said it. Immutable.
 *
 * @param severity {@code INFO}, {@code WARN} or {@code ERROR}; null where it is not said
 * @param waitMillis for so long after it no other of this title is to be told; null where that is
 *     not said
 */
public record TrackedAlert(
    String title, String text, @Nullable String severity, @Nullable Long waitMillis) {
  private static final String TITLE = "title";
  private static final String TEXT = "text";
  private static final String SEVERITY = "severity";
  private static final String WAIT = "waitDuration";

  /** By W&amp;B's own names; what was not said is left out. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(TITLE, title);
    members.put(TEXT, text);
    if (severity != null) {
      members.put(SEVERITY, severity);
    }
    if (waitMillis != null) {
      members.put(WAIT, waitMillis);
    }
    return members;
  }

  /** One line, without its newline. */
  public String line() {
    return new String(Json.bytes(members()), StandardCharsets.UTF_8).strip();
  }

  /**
   * Reads what {@link #line} wrote.
   *
   * @throws UnreadableJson if it is something else
   */
  public static TrackedAlert read(String line) throws UnreadableJson {
    return of(Fields.of(line.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Reads what a client asks for.
   *
   * @throws UnreadableJson without a title or a text
   */
  public static TrackedAlert of(Fields said) throws UnreadableJson {
    return new TrackedAlert(
        said.text(TITLE),
        said.text(TEXT),
        said.textOrNull(SEVERITY),
        said.members().get(WAIT) == null ? null : said.number(WAIT));
  }
}
