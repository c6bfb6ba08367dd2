package dev.sweeprunner.wandb.settings;

import dev.sweeprunner.problem.UserError;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a setting may look like, and what it means. Every refusal is a {@link UserError}. */
final class SettingValues {
  private static final Pattern SAAS = Pattern.compile(".*wandb\\.ai[^.]*");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,7}(\\.\\d{1,9})?|\\.\\d{1,9}");
  private static final Pattern BAD_IN_NAME = Pattern.compile("[/\\\\#?%:]");
  private static final int NAME_LENGTH = 128;
  private static final double NANOS = 1e9;
  private static final Set<String> YES = Set.of("1", "on", "t", "true", "y", "yes");
  private static final Set<String> NO = Set.of("0", "off", "f", "false", "n", "no");

  private static final Map<String, String> MODES =
      Map.of(
          "online", "online",
          "run", "online",
          "shared", "online",
          "offline", "offline",
          "dryrun", "offline",
          "disabled", "disabled");

  /** The settings that are read from files and variables; each refuses a value it cannot have. */
  static final Map<String, Consumer<Given>> CHECKS =
      Map.ofEntries(
          Map.entry(Setting.APP_URL, SettingValues::url),
          Map.entry(Setting.BASE_URL, SettingValues::baseUrl),
          Map.entry(Setting.EMAIL, given -> {}),
          Map.entry(Setting.ENTITY, SettingValues::name),
          Map.entry(Setting.HEADERS, ExtraHeaders::read),
          Map.entry(Setting.HTTP_PROXY, ProxyUrl::withScheme),
          Map.entry(Setting.HTTPS_PROXY, ProxyUrl::withScheme),
          Map.entry(Setting.INSECURE, SettingValues::flag),
          Map.entry(Setting.MODE, SettingValues::mode),
          Map.entry(Setting.PROJECT, SettingValues::name),
          Map.entry(Setting.TIMEOUT, SettingValues::seconds),
          Map.entry(Setting.USERNAME, given -> {}));

  private SettingValues() {}

  /** Address of an API, without slashes at its end. */
  static URI baseUrl(Given given) {
    URI url = url(given);
    String text = given.value();
    boolean saas = SAAS.matcher(text).matches();
    if (saas && !text.contains("api.")) {
      throw given.wrong(
          "'" + text + "' is the address of the W&B pages, not of the W&B API",
          "Write https://api.wandb.ai, or unset it: that is the default");
    }
    if (saas && !text.startsWith("https")) {
      throw given.wrong(
          "'" + text + "' would send the API key unencrypted", "Write https://api.wandb.ai");
    }
    return url;
  }

  /** An http or https address, without slashes at its end. */
  static URI url(Given given) {
    String text = given.value().replaceAll("/+$", "");
    Optional<URI> url = parsed(text);
    boolean sound =
        url.filter(u -> u.getHost() != null)
            .filter(u -> u.getUserInfo() == null && u.getQuery() == null && u.getFragment() == null)
            .filter(u -> scheme(u).equals("http") || scheme(u).equals("https"))
            .isPresent();
    if (!sound) {
      String shown = text.contains("@") ? "the value" : "'" + text + "'";
      throw given.wrong(
          shown + " is not an address of a server",
          "Write http:// or https:// and a host name, without user, password, ? and #,"
              + " for example https://wandb.example.org");
    }
    return url.orElseThrow();
  }

  private static Optional<URI> parsed(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String scheme(URI url) {
    return url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
  }

  /** An entity or a project. The official client checks the project only. */
  static String name(Given given) {
    String name = given.value();
    if (name.length() > NAME_LENGTH) {
      throw given.wrong(
          "the " + given.key() + " has " + name.length() + " characters",
          "W&B allows " + NAME_LENGTH);
    }
    if (BAD_IN_NAME.matcher(name).find()) {
      throw given.wrong(
          "the " + given.key() + " '" + name + "' has a character that W&B does not allow",
          "Leave out / \\ # ? % and :");
    }
    return name;
  }

  /** {@code online}, {@code offline} or {@code disabled}. */
  static String mode(Given given) {
    String mode = MODES.get(given.value());
    if (mode == null) {
      throw given.wrong(
          "'" + given.value() + "' is not a W&B mode", "Write online, offline or disabled");
    }
    return mode;
  }

  /** A flag in one of the words that the official client takes. */
  static boolean flag(Given given) {
    String word = given.value().strip().toLowerCase(Locale.ROOT);
    if (!YES.contains(word) && !NO.contains(word)) {
      throw given.wrong("'" + given.value() + "' is neither yes nor no", "Write true or false");
    }
    return YES.contains(word);
  }

  /** A time longer than nothing. */
  static Duration seconds(Given given) {
    String text = given.value().strip();
    double seconds = SECONDS.matcher(text).matches() ? Double.parseDouble(text) : 0;
    if (seconds <= 0) {
      throw given.wrong(
          "'" + given.value() + "' is not a number of seconds greater than 0", "Write 30");
    }
    return Duration.ofNanos(Math.max(1, Math.round(seconds * NANOS)));
  }

  /** The address of the pages for people that belongs to an API address. */
  static URI appUrl(URI baseUrl) {
    String text = baseUrl.toString();
    if (text.contains("://api.wandb.") && !text.contains("://api.wandb.test")) {
      return URI.create(text.replace("://api.", "://"));
    }
    return URI.create(text.replace("://api.", "://app."));
  }
}
