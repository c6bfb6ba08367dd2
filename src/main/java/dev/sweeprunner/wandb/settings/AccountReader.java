package dev.sweeprunner.wandb.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Reads an {@link Account} as the official W&amp;B client (0.30.0) does. In rising order: defaults,
 * the global settings file, the settings file of the workspace, {@code WANDB_*} variables. Empty
 * values are unset ones. Reads files and nothing else: no environment, no network. Stateless.
 */
public final class AccountReader {
  private static final Given PUBLIC =
      new Given(Setting.BASE_URL, "https://api.wandb.ai", "the default");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Map<String, Given> settings;

  private AccountReader(Map<String, Given> settings) {
    this.settings = settings;
  }

  /**
   * The account.
   *
   * @param environment all variables
   * @param home of the user, for {@code ~}, netrc and the global settings file
   * @param workingDirectory the workspace; relative paths are below it
   * @param warnings takes whole sentences about what is ignored; none holds a secret
   * @throws dev.sweeprunner.problem.UserError for a value that cannot be meant, naming the variable
   *     or file, never a key, a password or a header's value. That there is no key is no error: it
   *     is a {@link Credential.Missing}
   */
  public static Account read(
      Map<String, String> environment,
      Path home,
      Path workingDirectory,
      Consumer<String> warnings) {
    Path base = workingDirectory.toAbsolutePath();
    SettingsFiles files = new SettingsFiles(environment, home, base, warnings);
    Map<String, Given> settings = new LinkedHashMap<>(files.read());
    settings.putAll(Variables.read(environment));
    AccountReader reader = new AccountReader(settings);
    URI baseUrl = SettingValues.baseUrl(reader.given(Setting.BASE_URL).orElse(PUBLIC));
    Credential credential =
        new CredentialReader(environment, home, base, warnings)
            .read(baseUrl, settings.get(Setting.API_KEY), files.places());
    Network network =
        new Network(
            new Proxies(settings, environment),
            CaCertificates.read(environment, base, warnings),
            reader.value(Setting.INSECURE, SettingValues::flag).orElse(false),
            reader.value(Setting.HEADERS, ExtraHeaders::read).orElse(Map.of()),
            reader.value(Setting.TIMEOUT, SettingValues::seconds).orElse(TIMEOUT));
    return new Account(
        baseUrl,
        reader
            .value(Setting.APP_URL, SettingValues::url)
            .orElseGet(() -> SettingValues.appUrl(baseUrl)),
        credential,
        reader.value(Setting.ENTITY, SettingValues::name).orElse(null),
        reader.value(Setting.PROJECT, SettingValues::name).orElse(null),
        reader.mode(warnings).orElse(null),
        reader.value(Setting.USERNAME, Given::value).orElse(""),
        reader.value(Setting.EMAIL, Given::value).orElse(""),
        network);
  }

  private Optional<String> mode(Consumer<String> warnings) {
    given(Setting.MODE)
        .filter(mode -> mode.value().equals("shared"))
        .ifPresent(
            mode ->
                warnings.accept(
                    mode.where()
                        + ": mode 'shared' is treated as 'online': one worker writes a"
                        + " run at a time."));
    return value(Setting.MODE, SettingValues::mode);
  }

  private Optional<Given> given(String key) {
    return Optional.ofNullable(settings.get(key));
  }

  private <T> Optional<T> value(String key, Function<Given, T> meaning) {
    return given(key).map(meaning);
  }
}
