package dev.sweeprunner.testkit.wandb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object's text as it was sent, read when somebody looks into it. */
final class JsonText {
  private final String text;
  private volatile @Nullable Map<String, @Nullable Object> read;

  JsonText(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** Its members; empty for what is not an object. */
  Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> members = read;
    if (members == null) {
      members = Json.object(text);
      read = members;
    }
    return members;
  }

  /** The text of only these members, or of all for null. */
  String only(@Nullable List<String> keys) {
    if (keys == null) {
      return text;
    }
    Map<String, @Nullable Object> some = new LinkedHashMap<>();
    for (String key : keys) {
      if (members().containsKey(key)) {
        some.put(key, members().get(key));
      }
    }
    return Json.text(some);
  }
}
