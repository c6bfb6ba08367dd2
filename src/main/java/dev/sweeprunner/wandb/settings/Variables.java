package dev.sweeprunner.wandb.settings;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings from the environment, by the official client's rule: {@code WANDB_X} is the setting
 * {@code x}, {@code WANDB__X} is {@code x_x}, and some variables have names of their own. Where two
 * variables mean one setting, the one with a name of its own counts. Empty ones are unset.
 */
final class Variables {
  private static final String PREFIX = "WANDB_";

  private static final Map<String, String> SPECIAL =
      Map.of(
          "WANDB_APP_URL", Setting.APP_URL,
          "WANDB_HTTP_TIMEOUT", Setting.TIMEOUT,
          "WANDB_USER_EMAIL", Setting.EMAIL);

  private Variables() {}

  /** The settings by their names, those only that this program reads. */
  static Map<String, Given> read(Map<String, String> environment) {
    Map<String, Given> settings = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      String variable = entry.getKey();
      if (variable.startsWith(PREFIX) && !SPECIAL.containsKey(variable)) {
        put(settings, plainKey(variable), variable, entry.getValue());
      }
    }
    SPECIAL.forEach(
        (variable, key) -> put(settings, key, variable, environment.getOrDefault(variable, "")));
    return settings;
  }

  private static void put(Map<String, Given> settings, String key, String variable, String value) {
    if (!value.isEmpty() && SettingValues.CHECKS.containsKey(key)) {
      settings.put(key, new Given(key, value, variable));
    }
  }

  private static String plainKey(String variable) {
    String name = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    return name.startsWith("_") ? "x" + name : name;
  }
}
