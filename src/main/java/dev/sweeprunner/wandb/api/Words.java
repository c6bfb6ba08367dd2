package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a server says about an error, cut down to what fits into a sentence. */
final class Words {
  private static final int MOST = 200;
  private static final Pattern TITLE =
      Pattern.compile("<title[^>]*>([^<]*)<", Pattern.CASE_INSENSITIVE);

  private Words() {}

  /** The words in an error's body, empty if there are none; any of the forms a server uses. */
  static String of(String body) {
    try {
      return of(Json.object(body.getBytes(UTF_8)));
    } catch (UnreadableJson e) {
      return plain(body);
    }
  }

  /** The words in {@code errors} or {@code error} of an answer, empty if there are none. */
  static String of(Map<String, ?> answer) {
    if (answer.get("errors") instanceof List<?> errors) {
      return shortened(
          errors.stream()
              .map(Words::message)
              .filter(Objects::nonNull)
              .distinct()
              .collect(Collectors.joining("; ")));
    }
    String message = message(answer.get("error"));
    if (message == null) {
      message = message(answer.get("message"));
    }
    return message == null ? "" : shortened(message);
  }

  /** Whether an answer tells of an error, with words or without. */
  static boolean tellsOfError(Map<String, ?> answer) {
    boolean list = answer.get("errors") instanceof List<?> errors && !errors.isEmpty();
    return list || answer.get("error") != null;
  }

  /** Text on one line and of bounded length. */
  static String shortened(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() <= MOST ? line : line.substring(0, MOST) + "…";
  }

  private static String plain(String body) {
    if (!body.stripLeading().startsWith("<")) {
      return shortened(body);
    }
    Matcher title = TITLE.matcher(body);
    String name = title.find() ? title.group(1).strip() : "";
    return "a page of HTML" + (name.isEmpty() ? "" : " titled “" + shortened(name) + "”");
  }

  private static @Nullable String message(@Nullable Object error) {
    if (error instanceof Map<?, ?> map) {
      return map.get("message") instanceof String text ? text : null;
    }
    return error instanceof String text ? text : null;
  }
}
