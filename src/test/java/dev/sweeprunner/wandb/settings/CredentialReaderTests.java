package dev.sweeprunner.wandb.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a key may come from, and that it goes nowhere else. */
class CredentialReaderTests {
  private static final String KEY = "0123456789abcdef0123456789abcdef01234567";
  private static final String OTHER = "fedcba9876543210fedcba9876543210fedcba98";

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        KEY,
        "local-" + KEY,
        "on_prem-" + KEY + "-more",
        "wandb_v1_" + KEY,
        "eyJh-b_c.eyJz.sig",
      })
  void a_key_of_every_known_form_is_taken_whole(String key) {
    environment.put("WANDB_API_KEY", key);

    assertThat(read()).isEqualTo(new Credential.ApiKey(key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sesame",
        KEY + "\n",
        " " + KEY,
        "'" + KEY + "'",
        "0123456789012345678901234567890123456789012-sesame",
        "local-0123456789abcdef",
        "äbcdefghijäbcdefghijäbcdefghijäbcdefghij",
        "a.b",
        "a.b.c.sesame",
      })
  void a_key_of_another_form_is_refused_without_being_shown(String key) {
    environment.put("WANDB_API_KEY", key);

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("WANDB_API_KEY: the API key has ")
        .hasMessageMatching("(?s).* \\d+ characters.*")
        .satisfies(e -> assertThat(e.toString()).doesNotContain(key.strip(), "sesame", "abcdef"));
  }

  @Test
  void the_length_is_told() {
    environment.put("WANDB_API_KEY", "x".repeat(39));
    assertThatThrownBy(this::read).hasMessageContainingAll("39 characters", "at least 40");

    environment.put("WANDB_API_KEY", "local-" + "x".repeat(38));

    assertThatThrownBy(this::read).hasMessageContaining("38 characters after its prefix");
  }

  @Test
  void a_token_file_is_named_absolutely() {
    environment.put("WANDB_IDENTITY_TOKEN_FILE", "../jwt");

    assertThat(read()).isEqualTo(new Credential.IdentityToken(folder.resolve("jwt")));
  }

  @Test
  void a_key_and_a_token_file_are_one_too_many() {
    environment.put("WANDB_API_KEY", KEY);
    environment.put("WANDB_IDENTITY_TOKEN_FILE", "/jwt");

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("WANDB_API_KEY", "WANDB_IDENTITY_TOKEN_FILE")
        .hasMessageNotContaining(KEY);
  }

  @Test
  void the_environment_goes_over_netrc_and_that_over_the_settings_file() throws IOException {
    write("work/wandb/settings", "[default]\napi_key = " + "s".repeat(40) + "\n");
    Credential file = read();
    write("home/.netrc", "machine api.wandb.ai login user password " + OTHER + "\n");
    Credential netrc = read();
    environment.put("WANDB_API_KEY", KEY);
    Credential variable = read();

    assertThat(List.of(file, netrc, variable))
        .containsExactly(
            new Credential.ApiKey("s".repeat(40)),
            new Credential.ApiKey(OTHER),
            new Credential.ApiKey(KEY));
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_wrong_key_in_a_file_names_the_file() throws IOException {
    write("work/wandb/settings", "[default]\napi_key = sesame\n");
    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("work/wandb/settings (api_key): the API key has 6 characters")
        .hasMessageNotContaining("sesame");

    write("home/.netrc", "machine api.wandb.ai password sesam\n");

    assertThatThrownBy(this::read)
        .hasMessageContaining("home/.netrc: the API key has 5 characters")
        .hasMessageNotContaining("sesam");
  }

  @Test
  void the_port_belongs_to_the_machine() throws IOException {
    write(
        "home/.netrc",
        "machine 127.0.0.1 password " + OTHER + "\nmachine 127.0.0.1:8080 password " + KEY + "\n");

    environment.put("WANDB_BASE_URL", "http://127.0.0.1:8080/");
    Credential withPort = read();
    environment.put("WANDB_BASE_URL", "http://127.0.0.1");
    Credential without = read();
    environment.put("WANDB_BASE_URL", "http://127.0.0.1:9");
    Credential another = read();

    assertThat(withPort).isEqualTo(new Credential.ApiKey(KEY));
    assertThat(without).isEqualTo(new Credential.ApiKey(OTHER));
    assertThat(another).isInstanceOf(Credential.Missing.class);
    assertThat(((Credential.Missing) another).why())
        .contains("home/.netrc (no entry for machine 127.0.0.1:9)");
  }

  @Test
  void netrc_lies_where_the_variable_says_else_in_the_home_under_two_names() throws IOException {
    write("home/_netrc", "default password " + "u".repeat(40));
    Credential underscored = read();
    write("home/.netrc", "default password " + "d".repeat(40));
    Credential dotted = read();
    write("home/other", "default password " + "v".repeat(40));
    environment.put("NETRC", "~/other");
    Credential named = read();
    environment.put("NETRC", "/nowhere/netrc");
    Credential nowhere = read();

    assertThat(underscored).isEqualTo(new Credential.ApiKey("u".repeat(40)));
    assertThat(dotted).isEqualTo(new Credential.ApiKey("d".repeat(40)));
    assertThat(named).isEqualTo(new Credential.ApiKey("v".repeat(40)));
    assertThat(nowhere).isInstanceOf(Credential.Missing.class);
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_bad_netrc_is_one_sentence_of_warning_without_its_words() throws IOException {
    write("home/.netrc", "machine api.wandb.ai\n  login user\n  passwort " + KEY + "\n");

    Credential credential = read();

    assertThat(credential).isInstanceOf(Credential.Missing.class);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("home/.netrc", "line 3").doesNotContain(KEY, "passwort");
  }

  @Test
  void a_netrc_that_may_not_be_read_says_so() throws IOException {
    Path netrc = write("home/.netrc", "default password " + KEY);
    Files.setPosixFilePermissions(netrc, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(netrc)).as("not root").isFalse();

    Credential credential = read();

    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("home/.netrc cannot be read: permission denied");
    assertThat(((Credential.Missing) credential).why()).contains("permission denied");
  }

  @Test
  void a_folder_in_place_of_a_netrc_is_a_warning() throws IOException {
    Files.createDirectories(folder.resolve("home/.netrc"));

    assertThat(read()).isInstanceOf(Credential.Missing.class);
    assertThat(warnings).singleElement().asString().contains("it is a folder");
  }

  @Test
  void an_entry_without_a_password_is_a_warning_and_no_key() throws IOException {
    write("home/.netrc", "machine api.wandb.ai login user\n");

    assertThat(read()).isInstanceOf(Credential.Missing.class);
    assertThat(warnings).singleElement().asString().contains("api.wandb.ai", "no password");
  }

  @Test
  void what_is_missing_names_every_place() {
    Credential credential = read();

    assertThat(((Credential.Missing) credential).why())
        .startsWith("No W&B API key for api.wandb.ai in ")
        .contains("WANDB_API_KEY", "WANDB_IDENTITY_TOKEN_FILE", "home/.netrc (no such file)")
        .contains("home/.config/wandb/settings", "work/wandb/settings")
        .endsWith(".");
    assertThat(warnings).isEmpty();
  }

  @Test
  void no_text_of_an_account_shows_a_secret() throws IOException {
    write("home/.netrc", "machine other password hidden1\n");
    environment.put("WANDB_API_KEY", KEY);
    environment.put("WANDB_HTTPS_PROXY", "http://me:hidden2@proxy:3128");
    environment.put("HTTP_PROXY", "http://me:hidden3@proxy:3128");
    environment.put("WANDB_X_EXTRA_HTTP_HEADERS", "{\"Proxy-Authorization\": \"hidden4\"}");

    Account account = account();
    String texts =
        account
            + " "
            + account.credential()
            + account.network()
            + account.network().proxy()
            + account.network().proxy().apply(account.baseUrl())
            + new Given("api_key", "hidden5", "here");

    assertThat(texts).doesNotContain(KEY, "hidden").contains("Proxy-Authorization", "here");
  }

  private Credential read() {
    return account().credential();
  }

  private Account account() {
    return AccountReader.read(
        environment, folder.resolve("home"), folder.resolve("work"), warnings::add);
  }

  private Path write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, text);
  }
}
