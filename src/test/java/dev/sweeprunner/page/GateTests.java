package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTests {
  private static final String TOKEN = "0123456789abcdef; ü";
  private static final Gate OPEN = new Gate(Set.of("Node7", "node7.cluster"), null);
  private static final Gate GUARDED = new Gate(Set.of("node7"), TOKEN);

  private static Gate.Shown shown(@Nullable String host) {
    return new Gate.Shown(host, null, null, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8080",
        "LOCALHOST:1",
        "127.0.0.1:8080",
        "[::1]:8080",
        "10.1.2.3",
        "node7:80",
        "NODE7",
        "node7.cluster:65535"
      })
  void names_of_this_host_are_answered(String host) {
    assertThat(OPEN.refusal(shown(host))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil.org",
        "evil.org:8080",
        "localhost.evil.org",
        "127.0.0.1.evil.org",
        "node8",
        "localhost:x",
        "localhost@evil.org",
        "a b",
        "[evil]",
        "localhost:80:80"
      })
  void other_names_are_not(String host) {
    assertThat(OPEN.refusal(shown(host))).map(Gate.Refusal::status).contains(421);
    assertThat(GUARDED.refusal(new Gate.Shown(host, "Bearer " + TOKEN, null, true)))
        .map(Gate.Refusal::status)
        .contains(421);
  }

  @Test
  void a_request_that_names_nobody_is_not_answered() {
    assertThat(OPEN.refusal(shown(null))).map(Gate.Refusal::status).contains(421);
  }

  @Test
  void without_a_token_only_this_host_is_answered() {
    assertThat(OPEN.refusal(new Gate.Shown("10.1.2.3", null, null, false)))
        .map(Gate.Refusal::status)
        .contains(403);
  }

  @Test
  void with_a_token_whoever_shows_it_is_answered_from_anywhere() {
    String cookie = GUARDED.cookie(TOKEN).orElseThrow();

    assertThat(GUARDED.refusal(new Gate.Shown("10.1.2.3", "Bearer " + TOKEN, null, false)))
        .isEmpty();
    assertThat(GUARDED.refusal(new Gate.Shown("10.1.2.3", null, cookie, false))).isEmpty();
    assertThat(cookie).matches("[0-9a-f]{64}");
  }

  @Test
  void nobody_else_is() {
    assertThat(GUARDED.cookie("")).isEmpty();
    assertThat(GUARDED.cookie(TOKEN + "x")).isEmpty();
    assertThat(OPEN.cookie("")).isEmpty();
    for (String wrong : new String[] {null, "", TOKEN, "Bearer", "Bearer ", "Basic " + TOKEN}) {
      assertThat(GUARDED.refusal(new Gate.Shown("localhost", wrong, TOKEN, true)))
          .as(wrong)
          .map(Gate.Refusal::status)
          .contains(401);
    }
  }

  @Test
  void the_token_is_asked_for_once_and_the_browser_remembers(@TempDir Path folder)
      throws IOException {
    try (PageWorld world = new PageWorld(folder, Views.grid(folder)).guarded(TOKEN)) {
      HttpURLConnection bare = world.open("/");
      HttpURLConnection wrong = world.open("/?token=0123456789abcdef");
      HttpURLConnection elsewhere = world.open("/app.js?token=0123456789abcdef;%20%C3%BC");
      HttpURLConnection right = world.open("/?token=0123456789abcdef;%20%C3%BC");
      String set = right.getHeaderField("Set-Cookie");
      HttpURLConnection again = world.open("/api/sweeps");
      again.setRequestProperty("Cookie", set.substring(0, set.indexOf(';')));

      assertThat(bare.getResponseCode()).isEqualTo(401);
      assertThat(new String(bare.getErrorStream().readAllBytes(), UTF_8)).contains("/?token=TOKEN");
      assertThat(wrong.getResponseCode()).isEqualTo(401);
      assertThat(elsewhere.getResponseCode()).isEqualTo(401);
      assertThat(right.getResponseCode()).isEqualTo(303);
      assertThat(right.getHeaderField("Location")).isEqualTo("./");
      assertThat(set)
          .startsWith("sweep-runner-" + world.port() + "=")
          .contains("; HttpOnly", "; SameSite=Strict")
          .doesNotContain(TOKEN);
      assertThat(again.getResponseCode()).isEqualTo(200);
      assertThat(world.raw("GET /?token=" + TOKEN.replaceAll("; .*", "") + " HTTP/1.1", "Host: x"))
          .startsWith("HTTP/1.1 421");
    }
  }
}
