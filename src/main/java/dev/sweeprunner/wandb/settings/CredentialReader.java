package dev.sweeprunner.wandb.settings;

import dev.sweeprunner.problem.UserError;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what proves who is speaking: {@code WANDB_API_KEY} or {@code WANDB_IDENTITY_TOKEN_FILE},
 * else the netrc file, else {@code api_key} in a settings file (the official client 0.30.0 takes
 * it, last of all). A key of the wrong form is refused where it is found; the next place is not
 * asked, because a rotated key must not be replaced silently by an old one.
 *
 * <p>A key is 40 or more letters, digits, {@code _} and {@code -}, behind an optional prefix that
 * ends at the first {@code -}; or a JWT, three such parts with dots between them. Only ASCII
 * letters: everything else would not survive an HTTP header.
 */
final class CredentialReader {
  private static final String KEY = "WANDB_API_KEY";
  private static final String TOKEN = "WANDB_IDENTITY_TOKEN_FILE";
  private static final String NETRC = "NETRC";
  private static final Pattern JWT = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
  private static final Pattern SECRET = Pattern.compile("[\\w-]*");
  private static final int LENGTH = 40;

  private final Map<String, String> environment;
  private final Path home;
  private final Path workingDirectory;
  private final Consumer<String> warnings;
  private final List<String> looked = new ArrayList<>();

  CredentialReader(
      Map<String, String> environment,
      Path home,
      Path workingDirectory,
      Consumer<String> warnings) {
    this.environment = environment;
    this.home = home;
    this.workingDirectory = workingDirectory;
    this.warnings = warnings;
  }

  /**
   * Looks in all places.
   *
   * @param inFile {@code api_key} of the settings files
   * @param files the settings files, for the sentence about what is missing
   * @throws UserError for a key of the wrong form, or both variables at once
   */
  Credential read(URI baseUrl, @Nullable Given inFile, List<Path> files) {
    Optional<String> key = variable(KEY);
    Optional<String> token = variable(TOKEN);
    if (key.isPresent() && token.isPresent()) {
      throw new UserError(
          KEY, "it is set and " + TOKEN + " too, and W&B takes one of them", "Unset one");
    }
    if (key.isPresent()) {
      return key(key.get(), KEY);
    }
    if (token.isPresent()) {
      return new Credential.IdentityToken(workingDirectory.resolve(token.get()).normalize());
    }
    looked.add(KEY);
    looked.add(TOKEN);
    Path netrc = netrc();
    Optional<String> password = password(netrc, baseUrl.getRawAuthority());
    if (password.isPresent()) {
      return key(password.get(), netrc.toString());
    }
    if (inFile != null) {
      return key(inFile.value(), inFile.where());
    }
    files.forEach(file -> looked.add(file + " (no api_key)"));
    String last = looked.remove(looked.size() - 1);
    return new Credential.Missing(
        "No W&B API key for "
            + baseUrl.getRawAuthority()
            + " in "
            + String.join(", ", looked)
            + " or "
            + last
            + ".");
  }

  private static Credential key(String key, String where) {
    String problem = problem(key);
    if (problem != null) {
      throw new UserError(where, problem, "Copy the whole key from your W&B settings page");
    }
    return new Credential.ApiKey(key);
  }

  /** What is wrong with a key, one sentence without a full stop that shows no part of it. */
  private static @Nullable String problem(String key) {
    String secret = key.substring(key.indexOf('-') + 1);
    if (JWT.matcher(key).matches()) {
      return null;
    }
    String start = "the API key has ";
    if (!SECRET.matcher(secret).matches()) {
      return (start + key.length() + " characters, among them one that is no letter, digit, _ or -")
          + " (a blank, a quote or a line end, perhaps)";
    }
    if (secret.length() < LENGTH) {
      return (start + secret.length() + " characters")
          + (key.length() > secret.length() ? " after its prefix" : "")
          + (", and a W&B API key has at least " + LENGTH);
    }
    return null;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private Path netrc() {
    Optional<String> named = variable(NETRC);
    if (named.isPresent()) {
      return TextFile.expand(named.get(), home, workingDirectory);
    }
    Path dotted = home.resolve(".netrc");
    Path underscored = home.resolve("_netrc");
    return !Files.exists(dotted) && Files.exists(underscored) ? underscored : dotted;
  }

  private Optional<String> password(Path file, String machine) {
    Optional<Netrc> netrc;
    try {
      Optional<String> text = TextFile.read(file);
      netrc = text.isPresent() ? Optional.of(Netrc.read(text.get())) : Optional.empty();
    } catch (UnreadableText e) {
      warnings.accept("netrc file " + file + " cannot be read: " + e.getMessage() + ".");
      looked.add(file + " (" + e.getMessage() + ")");
      return Optional.empty();
    }
    Optional<String> password = netrc.flatMap(entries -> entries.password(machine));
    if (password.isPresent() && password.get().isEmpty()) {
      warnings.accept("The entry for " + machine + " in " + file + " has no password.");
      looked.add(file + " (no password for " + machine + ")");
      return Optional.empty();
    }
    looked.add(
        file + (netrc.isPresent() ? " (no entry for machine " + machine + ")" : " (no such file)"));
    return password;
  }
}
