package dev.sweeprunner.wandb.settings;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an API key looks like: 40 or more letters, digits, {@code _} and {@code -}, behind an
 * optional prefix that ends at the first {@code -}; or a JWT, three such parts with dots between
 * them. Only ASCII letters: everything else would not survive an HTTP header.
 */
final class ApiKeyRule {
  private static final Pattern JWT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
  private static final Pattern SECRET = Pattern.compile("[\\w-]*");
  private static final int LENGTH = 40;

  private ApiKeyRule() {}

  /** What is wrong with a key, one sentence without a full stop that shows no part of it. */
  static Optional<String> problem(String key) {
    String secret = key.substring(key.indexOf('-') + 1);
    if (JWT.matcher(key).matches()) {
      return Optional.empty();
    }
    if (!SECRET.matcher(secret).matches()) {
      return Optional.of(
          "the API key has "
              + key.length()
              + " characters, among them one that is no letter, digit, _ or -"
              + " (a blank, a quote or a line end, perhaps)");
    }
    if (secret.length() < LENGTH) {
      return Optional.of(
          "the API key has "
              + secret.length()
              + " characters"
              + (key.length() > secret.length() ? " after its prefix" : "")
              + ", and a W&B API key has at least "
              + LENGTH);
    }
    return Optional.empty();
  }
}
