package dev.sweeprunner.wandb.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Precedence, and what each setting may be. */
class AccountReaderTests {
  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  @Test
  void nothing_said_is_the_public_server_without_a_key() {
    Account account = read();

    assertThat(account.baseUrl()).isEqualTo(URI.create("https://api.wandb.ai"));
    assertThat(account.appUrl()).isEqualTo(URI.create("https://wandb.ai"));
    assertThat(account.entity()).isNull();
    assertThat(account.project()).isNull();
    assertThat(account.mode()).isNull();
    assertThat(account.username()).isEmpty();
    assertThat(account.email()).isEmpty();
    assertThat(account.network().timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(account.network().insecure()).isFalse();
    assertThat(account.network().headers()).isEmpty();
    assertThat(account.network().authorities()).isEmpty();
    assertThat(account.credential()).isInstanceOf(Credential.Missing.class);
    assertThat(warnings).isEmpty();
  }

  @Test
  void the_environment_goes_over_the_workspace_and_that_over_the_global_file() throws IOException {
    global("entity = e0\nproject = p0\nmode = offline\nusername = u0\n");
    workspace("wandb", "project = p1\nmode = disabled\n");
    environment.put("WANDB_MODE", "online");

    Account account = read();

    assertThat(account.username()).isEqualTo("u0");
    assertThat(account.entity()).isEqualTo("e0");
    assertThat(account.project()).isEqualTo("p1");
    assertThat(account.mode()).isEqualTo("online");
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_dotted_folder_is_the_workspace_where_it_exists() throws IOException {
    workspace("wandb", "entity = plain\n");
    workspace(".wandb", "entity = dotted\n");

    assertThat(read().entity()).isEqualTo("dotted");
  }

  @Test
  void the_global_file_may_lie_elsewhere() throws IOException {
    global("entity = usual\n");
    write("cfg/settings", "[default]\nentity = moved\n");
    Files.createDirectories(folder.resolve("work"));
    write("home/mine/settings", "[default]\nentity = tilde\n");

    environment.put("WANDB_CONFIG_DIR", folder.resolve("cfg").toString());
    String absolute = String.valueOf(read().entity());
    environment.put("WANDB_CONFIG_DIR", "../cfg");
    String relative = String.valueOf(read().entity());
    environment.put("WANDB_CONFIG_DIR", "~/mine");
    String below = String.valueOf(read().entity());

    assertThat(List.of(absolute, relative, below)).containsExactly("moved", "moved", "tilde");
  }

  @Test
  void the_folder_for_runs_does_not_move_the_workspace() throws IOException {
    workspace("wandb", "entity = here\n");
    write("runs/wandb/settings", "[default]\nentity = there\n");
    environment.put("WANDB_DIR", folder.resolve("runs").toString());

    assertThat(read().entity()).isEqualTo("here");
  }

  @Test
  void an_empty_variable_is_an_unset_one() throws IOException {
    global("entity = e0\nmode = offline\n");
    for (String name : List.of("ENTITY", "MODE", "BASE_URL", "HTTP_TIMEOUT", "API_KEY")) {
      environment.put("WANDB_" + name, "");
    }

    Account account = read();

    assertThat(account.entity()).isEqualTo("e0");
    assertThat(account.mode()).isEqualTo("offline");
  }

  @ParameterizedTest
  @CsvSource({
    "base_url, https://wandb.ai",
    "base_url, ftp://host",
    "project, a/b",
    "insecure_disable_ssl, perhaps",
    "x_graphql_timeout_seconds, soon",
    "_graphql_timeout_seconds, soon",
    "x_extra_http_headers, no json",
    "http_proxy, proxy:3128",
    "https_proxy, https://proxy:3128",
    "app_url_override, nowhere",
  })
  void one_wrong_value_makes_a_file_count_for_nothing(String key, String value) throws IOException {
    global("project = p0\n");
    workspace("wandb", "entity = e1\n" + key + " = " + value + "\n");

    Account account = read();

    assertThat(account.entity()).isNull();
    assertThat(account.project()).isEqualTo("p0");
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("work/wandb/settings", "ignored as a whole", key.replaceFirst("^_", "x_"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "entity = e\n",
        "[default]\nentity\n",
        "[default]\nentity = a\nEntity = b\n",
        "[default]\n[default]\n",
        "[default]\nentity = 5%\n",
        "[default]\nentity = %(entity)s\n",
        "[default]\nentity = %(nobody)s\n",
        "[default]\n= e\n",
      })
  void what_is_no_settings_file_is_ignored_with_a_warning(String text) throws IOException {
    write("work/wandb/settings", text);

    assertThat(read().entity()).isNull();
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("work/wandb/settings", "is ignored");
  }

  @Test
  void bytes_that_are_no_text_and_folders_are_ignored_with_a_warning() throws IOException {
    Path file = write("work/wandb/settings", "");
    Files.write(file, new byte[] {'[', (byte) 0xff, (byte) 0xfe});
    Files.createDirectories(folder.resolve("home/.config/wandb/settings"));

    read();

    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0)).contains("it is a folder");
    assertThat(warnings.get(1)).contains("not UTF-8");
  }

  @Test
  void settings_files_are_read_as_python_reads_ini_files() throws IOException {
    write(
        "work/wandb/settings",
        "# comment\n[DEFAULT]\nmode = offline\nproject = common\n\n[other]\nentity = no\n"
            + "[default]\n; comment\nENTITY: e1\n  # comment\nproject = p1\n"
            + "username=%(Entity)s-50%%\nemail =\n  a@b\n\nnobody_knows_this = 7\n");

    Account account = read();

    assertThat(account.mode()).isEqualTo("offline");
    assertThat(account.project()).isEqualTo("p1");
    assertThat(account.entity()).isEqualTo("e1");
    assertThat(account.username()).isEqualTo("e1-50%");
    assertThat(account.email().strip()).isEqualTo("a@b");
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_root_dir_in_a_file_is_ignored_alone() throws IOException {
    workspace("wandb", "root_dir = /elsewhere\nentity = e1\n");

    assertThat(read().entity()).isEqualTo("e1");
    assertThat(warnings).singleElement().asString().contains("'root_dir'", "not allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "online, online, 0",
    "run, online, 0",
    "shared, online, 1",
    "offline, offline, 0",
    "dryrun, offline, 0",
    "disabled, disabled, 0",
  })
  void every_mode_word_of_the_official_client_is_known(String word, String mode, int told) {
    environment.put("WANDB_MODE", word);

    assertThat(read().mode()).isEqualTo(mode);
    assertThat(warnings).hasSize(told);
  }

  @Test
  void an_unknown_mode_is_refused_wherever_it_stands() throws IOException {
    environment.put("WANDB_MODE", "Offline");
    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("WANDB_MODE: 'Offline' is not a W&B mode.");

    environment.clear();
    global("mode = ofline\n");

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(".config/wandb/settings (mode)", "'ofline'", "offline");
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.wandb.ai/, https://api.wandb.ai, https://wandb.ai",
    "https://api.wandb.ai///, https://api.wandb.ai, https://wandb.ai",
    "https://api.wandb.test, https://api.wandb.test, https://app.wandb.test",
    "https://api.firm.example, https://api.firm.example, https://app.firm.example",
    "https://wandb.firm.example, https://wandb.firm.example, https://wandb.firm.example",
    "http://127.0.0.1:8080/, http://127.0.0.1:8080, http://127.0.0.1:8080",
    "https://host/wandb/, https://host/wandb, https://host/wandb",
    "https://me.wandb.ai.firm.example, https://me.wandb.ai.firm.example,"
        + " https://me.wandb.ai.firm.example",
  })
  void the_pages_lie_beside_the_api(String given, String base, String app) {
    environment.put("WANDB_BASE_URL", given);

    Account account = read();

    assertThat(account.baseUrl()).hasToString(base);
    assertThat(account.appUrl()).hasToString(app);
  }

  @Test
  void the_address_of_the_pages_may_be_given() throws IOException {
    global("app_url_override = https://global.example\n");
    assertThat(read().appUrl()).hasToString("https://global.example");

    environment.put("WANDB_APP_URL", "https://pages.example/");

    assertThat(read().appUrl()).hasToString("https://pages.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://wandb.ai",
        "https://app.wandb.ai/",
        "http://api.wandb.ai",
        "api.wandb.ai",
        "ftp://api.firm.example",
        "https://",
        "https:///x",
        "https://host/?a=b",
        "https://host/#a",
        "https://ho st",
        "nonsense",
      })
  void an_address_that_is_no_api_is_refused_with_the_way_out(String address) {
    environment.put("WANDB_BASE_URL", address);

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("WANDB_BASE_URL: ")
        .hasMessageContaining("https://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://me:sesame@host", "https://me:ses ame@host", "me:sesame@host"})
  void an_address_with_a_password_is_refused_without_showing_it(String address) {
    environment.put("WANDB_BASE_URL", address);

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .satisfies(e -> assertThat(e.toString()).doesNotContain("sesame", "ame@"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a\\b", "a#b", "a?b", "a%b", "a:b"})
  void a_name_that_would_break_an_address_is_refused(String name) {
    for (String variable : List.of("WANDB_ENTITY", "WANDB_PROJECT")) {
      environment.clear();
      environment.put(variable, name);

      assertThatThrownBy(this::read)
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(variable + ": ")
          .hasMessageContaining(name);
    }
  }

  @Test
  void a_name_has_at_most_128_characters() {
    environment.put("WANDB_PROJECT", "p".repeat(128));
    assertThat(read().project()).hasSize(128);

    environment.put("WANDB_PROJECT", "p".repeat(129));

    assertThatThrownBy(this::read).hasMessageContainingAll("WANDB_PROJECT", "129", "128");
  }

  @Test
  void variables_follow_the_naming_rule() {
    environment.put("WANDB__GRAPHQL_TIMEOUT_SECONDS", "7");
    environment.put("WANDB_EMAIL", "plain@example");
    environment.put("WANDB_USERNAME", "me");
    environment.put("WANDB_NOBODY_KNOWS", "x");
    Account general = read();

    environment.put("WANDB_HTTP_TIMEOUT", "2.5");
    environment.put("WANDB_USER_EMAIL", "special@example");
    Account special = read();

    assertThat(general.network().timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(general.email()).isEqualTo("plain@example");
    assertThat(general.username()).isEqualTo("me");
    assertThat(special.network().timeout()).isEqualTo(Duration.ofMillis(2500));
    assertThat(special.email()).isEqualTo("special@example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "30s", "NaN", "1e999", "", " ", "0x10"})
  void a_time_is_a_number_of_seconds(String text) {
    environment.put("WANDB_HTTP_TIMEOUT", text);

    if (text.isEmpty()) {
      assertThat(read().network().timeout()).isEqualTo(Duration.ofSeconds(30));
    } else {
      assertThatThrownBy(this::read).hasMessageStartingWith("WANDB_HTTP_TIMEOUT: ");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "1, true", "YES, true", "on, true", "false, false", "0, false"})
  void certificates_go_unchecked_only_where_somebody_says_so(String word, boolean insecure) {
    environment.put("WANDB_INSECURE_DISABLE_SSL", word);

    assertThat(read().network().insecure()).isEqualTo(insecure);
  }

  @Test
  void a_flag_that_is_neither_yes_nor_no_is_refused() {
    environment.put("WANDB_INSECURE_DISABLE_SSL", "maybe");

    assertThatThrownBy(this::read).hasMessageStartingWith("WANDB_INSECURE_DISABLE_SSL: 'maybe'");
  }

  @Test
  void extra_headers_keep_their_order() {
    environment.put("WANDB_X_EXTRA_HTTP_HEADERS", "{\"X-B\": \"2\", \"X-A\": \"1\"}");
    assertThat(read().network().headers())
        .containsExactly(Map.entry("X-B", "2"), Map.entry("X-A", "1"));

    environment.clear();
    environment.put("WANDB__EXTRA_HTTP_HEADERS", "{}");

    assertThat(read().network().headers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sesame",
        "{\"X\": sesame}",
        "{\"X\": \"sesame\"",
        "[\"sesame\"]",
        "{\"X\": 1234567}",
        "{\"X\": \"sesame\\r\\nY: z\"}",
        "{\"X: sesame\": \"a\"}",
        "{\"X\": null}",
      })
  void headers_that_are_none_are_refused_without_their_values(String json) {
    environment.put("WANDB_X_EXTRA_HTTP_HEADERS", json);

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("WANDB_X_EXTRA_HTTP_HEADERS: ")
        .hasNoCause()
        .satisfies(e -> assertThat(e.toString()).doesNotContain("sesame", "1234567"));
  }

  private Account read() {
    return AccountReader.read(
        environment, folder.resolve("home"), folder.resolve("work"), warnings::add);
  }

  private void global(String settings) throws IOException {
    write("home/.config/wandb/settings", "[default]\n" + settings);
  }

  private void workspace(String name, String settings) throws IOException {
    write("work/" + name + "/settings", "[default]\n" + settings);
  }

  private Path write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, text);
  }
}
