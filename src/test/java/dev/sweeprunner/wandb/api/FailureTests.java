package dev.sweeprunner.wandb.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import dev.sweeprunner.wandb.settings.Credential;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every failure is one sentence: what was asked for, what came back, the way out; no secret. */
class FailureTests {
  private Loopback server;
  private Rig rig;
  private WandbClient client;

  @BeforeEach
  void start() throws IOException {
    server = Loopback.http();
    rig = new Rig(server.base()).patience(Patience.once());
    client = rig.client();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | {\"errors\":[{\"message\":\"no such thing\"}],\"data\":null}",
        "200 | {\"errors\":[{\"message\":\"no such thing\",\"path\":[\"a\"]}],\"data\":{\"viewer\":{}}}",
        "400 | {\"errors\":[{\"message\":\"no such thing\"}]}",
        "500 | {\"errors\":[{\"message\":\"no such thing\"}],\"data\":null}",
        "422 | {\"error\":\"no such thing\"}",
        "503 | {\"error\":{\"message\":\"no such thing\"}}",
        "200 | {\"error\":\"no such thing\"}",
        "502 | no such thing",
        "500 | <html><head><title>no such thing</title></head></html>"
      })
  void the_servers_words_are_found_in_every_form(int status, String body) {
    server.says(status, body);

    WandbFailure failure = QuestionTests.failure(client::viewer);

    assertThat(failure)
        .hasMessageContaining("W&B at localhost")
        .hasMessageContaining("the owner of the key")
        .hasMessageContaining("no such thing");
    assertThat(failure.getMessage()).doesNotContain("\n").doesNotContain("<").doesNotEndWith(".");
    if (status != 200) {
      assertThat(failure).hasMessageContaining(" " + status + " ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHORISED, WANDB_API_KEY",
    "403, FORBIDDEN, --entity",
    "404, NOT_FOUND, WANDB_BASE_URL",
    "408, UNREACHABLE, ''",
    "429, LIMITED, ''",
    "409, REFUSED, ''",
    "501, REFUSED, ''",
    "500, UNREACHABLE, ''"
  })
  void a_status_has_its_kind_and_its_way_out(int status, Kind kind, String way) {
    server.says(status, "");

    WandbFailure failure =
        QuestionTests.failure(() -> client.stream(Rig.RUN, StreamChunk.HEARTBEAT));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining(way).hasMessageContaining("acme/grid/a1");
  }

  @ParameterizedTest
  @CsvSource({
    "permission denied, FORBIDDEN",
    "could not find entity, NOT_FOUND",
    "rate limit exceeded, LIMITED",
    "context deadline exceeded, UNREACHABLE",
    "bad filter, REFUSED"
  })
  void words_with_status_200_have_their_kind_too(String words, Kind kind) {
    server.says("{\"errors\":[{\"message\":\"" + words + "\"}],\"data\":null}");

    assertThat(QuestionTests.kind(client::viewer)).isEqualTo(kind);
  }

  @Test
  void a_redirect_is_not_followed_but_named() {
    server.says(302, "", "Location", "https://login.example.org/x?secret=1");

    WandbFailure failure = QuestionTests.failure(client::viewer);

    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessageContaining("https://login.example.org")
        .hasMessageContaining("WANDB_BASE_URL");
    assertThat(failure.getMessage()).doesNotContain("secret");
  }

  @Test
  void a_page_for_people_is_named_by_its_title() {
    server.says("<!doctype html><html><title>Hotel\nWiFi</title></html>");

    WandbFailure failure = QuestionTests.failure(client::viewer);

    assertThat(failure.kind()).isEqualTo(Kind.UNREADABLE);
    assertThat(failure).hasMessageContaining("a page of HTML titled “Hotel WiFi”");
  }

  @Test
  void long_words_are_cut() {
    server.says(400, "{\"error\":\"" + "x".repeat(5000) + "\"}");

    assertThat(QuestionTests.failure(client::viewer).getMessage()).hasSizeLessThan(400);
  }

  @Test
  void a_page_of_an_error_is_not_read_to_its_end() {
    server.with(
        exchange -> {
          exchange.sendResponseHeaders(400, 0);
          byte[] block = "x".repeat(1 << 16).getBytes();
          try {
            while (true) {
              exchange.getResponseBody().write(block);
            }
          } catch (IOException hungUp) {
            exchange.close();
          }
        });

    assertThat(QuestionTests.failure(client::viewer)).hasMessageContaining("answers 400");
  }

  @Test
  void headers_that_the_connection_needs_stay_the_clients_own() {
    server.says("{\"data\":{\"viewer\":null}}");
    Rig odd = rig.headers(Map.of("Host", "elsewhere.example.org", "Content-Length", "1"));

    assertThat(QuestionTests.kind(odd.client()::viewer)).isEqualTo(Kind.UNAUTHORISED);
    assertThat(server.newest().header("Host")).startsWith("localhost");
  }

  @Test
  void odd_answers_are_unreadable_and_never_a_crash() {
    List<String> odd =
        List.of(
            "[]",
            "null",
            "{\"errors\":\"text\"}",
            "{\"errors\":[\"text\"],\"data\":null}",
            "{\"errors\":[null]}",
            "{\"data\":[]}",
            "{\"data\":{\"viewer\":[]}}",
            "{\"data\":");
    for (String body : odd) {
      server.says(body);

      assertThat(QuestionTests.failure(client::viewer).getMessage()).contains("W&B at");
    }
  }

  @Test
  void without_a_key_nothing_is_sent_and_the_ways_out_are_named() {
    rig.credential(new Credential.Missing("no API key in the environment or ~/.netrc"));

    WandbFailure failure = QuestionTests.failure(rig.client()::viewer);

    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORISED);
    assertThat(failure)
        .hasMessageContaining("~/.netrc")
        .hasMessageContaining("WANDB_API_KEY")
        .hasMessageContaining("wandb login")
        .hasMessageContaining("--wandb offline");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void a_key_without_an_owner_is_unauthorised() {
    server.says("{\"data\":{\"viewer\":null}}");

    assertThat(QuestionTests.kind(client::viewer)).isEqualTo(Kind.UNAUTHORISED);
  }

  @Test
  void an_unknown_host_and_an_unsendable_header_are_one_sentence_each() {
    Rig nowhere = new Rig(java.net.URI.create("http://nowhere.invalid")).patience(Patience.once());
    Rig unsendable =
        new Rig(server.base()).patience(Patience.once()).headers(Map.of("x", "s3cret\u0001word"));

    WandbFailure unknown = QuestionTests.failure(nowhere.client()::viewer);
    WandbFailure header = QuestionTests.failure(unsendable.client()::viewer);

    assertThat(unknown.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(unknown).hasMessageContaining("the name cannot be resolved");
    assertThat(header.kind()).isEqualTo(Kind.REFUSED);
    assertThat(everything(header)).doesNotContain("s3cret");
  }

  @Test
  void no_message_ever_holds_a_secret() {
    String basic = "YXBpOjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc=";
    List<String> secrets = List.of(Rig.KEY, basic, "header-secret");
    String echo = "you sent " + Rig.KEY + " or " + basic + " and header-secret";
    WandbClient told =
        new Rig(server.base())
            .patience(Patience.once())
            .headers(Map.of("x-more", "header-secret"))
            .client();
    List<WandbFailure> failures = new ArrayList<>();
    for (int status : new int[] {200, 302, 400, 401, 403, 404, 407, 409, 429, 500, 501}) {
      for (String body :
          List.of(
              "{\"errors\":[{\"message\":\"" + echo + "\"}]}",
              "{\"error\":\"" + echo + "\"}",
              echo,
              "<title>" + echo + "</title>")) {
        server.says(status, body);
        failures.add(QuestionTests.failure(told::viewer));
      }
    }
    server.dropsAfterReading();
    failures.add(QuestionTests.failure(told::viewer));

    assertThat(failures).hasSize(45);
    for (WandbFailure failure : failures) {
      assertThat(everything(failure)).doesNotContain(secrets);
    }
  }

  /** All messages that a stack trace would show. */
  static String everything(Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (@Nullable Throwable link = failure; link != null; link = link.getCause()) {
      all.append(link).append('\n');
    }
    return all.toString();
  }
}
