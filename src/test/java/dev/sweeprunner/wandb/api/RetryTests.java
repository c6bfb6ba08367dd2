package dev.sweeprunner.wandb.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When another try is made, and after how long. */
class RetryTests {
  private static final String VIEWER = "{\"data\":{\"viewer\":{\"entity\":\"acme\"}}}";

  private Loopback server;
  private Rig rig;
  private WandbClient client;

  @BeforeEach
  void start() throws IOException {
    server = Loopback.http();
    rig = new Rig(server.base());
    client = rig.client();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void waits_double_from_two_seconds_with_a_spread() throws Exception {
    server.says(500, "").says(502, "").says(503, "").says(429, "").says(VIEWER);

    client.viewer();

    assertThat(rig.waits()).hasSize(4);
    for (int n = 0; n < 4; n++) {
      double base = 2000 << n;
      assertThat((double) rig.waits().get(n).toMillis()).isBetween(base, base * 1.25);
    }
  }

  @Test
  void answers_failures_and_further_tries_are_counted_over_all_patiences() throws Exception {
    server.says(500, "").says(VIEWER).says(403, "");

    client.viewer();
    QuestionTests.failure(client.with(Patience.once())::viewer);

    assertThat(rig.traffic().answered()).isEqualTo(1);
    assertThat(rig.traffic().took()).isEqualTo(Duration.ofSeconds(1)); // the rig's clock counts
    assertThat(rig.traffic().failed()).isEqualTo(2);
    assertThat(rig.traffic().again()).isEqualTo(1);
  }

  @Test
  void no_wait_is_longer_than_a_minute() {
    BackOff backOff = new BackOff(1);

    assertThat(backOff.after(6, null)).isEqualTo(Duration.ofMinutes(1));
    assertThat(backOff.after(4_000, null)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void the_server_says_how_long_in_seconds_or_as_a_date() throws Exception {
    server
        .says(429, "", "Retry-After", "7")
        .with(
            exchange -> {
              exchange.getResponseHeaders().set("Retry-After", "Mon, 23 Nov 2037 18:00:05 GMT");
              exchange.sendResponseHeaders(503, -1);
            });

    WandbFailure failure = QuestionTests.failure(client::viewer);

    assertThat(rig.waits()).containsExactly(Duration.ofSeconds(7));
    assertThat(failure.retryAfter().orElseThrow()).isGreaterThan(Duration.ofDays(365));
  }

  @Test
  void a_wait_beyond_the_patience_is_not_begun() {
    server.says(429, "{\"error\":\"rate limit exceeded\"}", "Retry-After", "21");

    WandbFailure failure = QuestionTests.failure(client.with(Patience.brief())::viewer);

    assertThat(failure.kind()).isEqualTo(Kind.LIMITED);
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(21));
    assertThat(rig.waits()).isEmpty();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void a_used_up_quota_tells_when_it_is_full_again() {
    server.says(429, "", "RateLimit-Remaining", "0", "RateLimit-Reset", "38");

    WandbFailure failure = QuestionTests.failure(client.with(Patience.once())::viewer);

    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(38));
  }

  @Test
  void brief_patience_ends_after_about_twenty_seconds() {
    for (int i = 0; i < 20; i++) {
      server.says(500, "");
    }

    Kind kind = QuestionTests.kind(client.with(Patience.brief())::viewer);

    assertThat(kind).isEqualTo(Kind.UNREACHABLE);
    assertThat(rig.waits()).hasSize(3);
  }

  @Test
  void time_that_requests_take_counts_too() {
    for (int i = 0; i < 4; i++) {
      server.with(
          exchange -> {
            rig.pass(Duration.ofSeconds(9));
            exchange.sendResponseHeaders(500, -1);
          });
    }

    QuestionTests.kind(client.with(Patience.brief())::viewer);

    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void twenty_more_tries_are_made_of_a_question() {
    for (int i = 0; i < 30; i++) {
      server.says(500, "");
    }

    QuestionTests.kind(client::viewer);

    assertThat(server.requests()).hasSize(21);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 403, 404, 409, 410, 413, 418, 422, 501})
  void what_stays_is_asked_once(int status) {
    server.says(status, "").says(status, "").says(status, "");

    QuestionTests.kind(client::viewer);
    QuestionTests.kind(() -> client.stream(Rig.RUN, StreamChunk.HEARTBEAT));

    assertThat(server.requests()).hasSize(2);
    assertThat(rig.waits()).isEmpty();
  }

  @Test
  void a_conflict_is_tried_again_for_an_upsert_only() throws Exception {
    server.says(409, "").says(QuestionTests.upserted(true));

    Upserted answer = client.upsert(RunUpsert.bare(Rig.RUN));

    assertThat(answer.inserted()).isTrue();
    assertThat(answer.ambiguous()).isFalse();
    assertThat(rig.waits()).hasSize(1);
  }

  @Test
  void an_upload_is_not_tried_again_after_a_refusal_but_after_a_failure() {
    String place =
        "{\"data\":{\"createRunFiles\":{\"uploadHeaders\":[],\"files\":["
            + "{\"name\":\"a\",\"uploadUrl\":\"/put\"}]}}}";
    server.says(place).says(500, "").says(408, "");

    Kind kind = QuestionTests.kind(() -> client.upload(Rig.RUN, Map.of("a", new byte[1])));

    assertThat(kind).isEqualTo(Kind.UNREACHABLE);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void an_upsert_whose_first_answer_was_lost_is_ambiguous() throws Exception {
    List<Runnable> losses =
        List.of(
            () -> server.dropsAfterReading(),
            () -> server.says(500, "{\"error\":\"oops\"}"),
            () -> server.says("{\"data\":{\"upsertBucket\":{\"buck"),
            () -> server.breaksOff("{\"data\":"),
            () -> server.says("<html><title>Sign in</title></html>"));
    for (Runnable loss : losses) {
      loss.run();
      server.says(QuestionTests.upserted(false));

      Upserted answer = client.upsert(RunUpsert.bare(Rig.RUN));

      assertThat(answer.inserted()).isFalse();
      assertThat(answer.ambiguous()).isTrue();
    }
  }

  @Test
  void an_upsert_that_was_put_off_is_not_ambiguous() throws Exception {
    server.says(429, "", "Retry-After", "1").says(QuestionTests.upserted(false));

    assertThat(client.upsert(RunUpsert.bare(Rig.RUN)).ambiguous()).isFalse();
  }

  @Test
  void a_request_that_never_arrived_is_not_ambiguous_either() throws Exception {
    Loopback late = Loopback.http();
    var base = late.base();
    late.close();
    Rig other = new Rig(base).patience(new Patience(2, Duration.ofDays(1), Duration.ofDays(1)));

    WandbFailure failure =
        QuestionTests.failure(() -> other.client().upsert(RunUpsert.bare(Rig.RUN)));

    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failure).hasMessageContaining("connection refused");
    assertThat(other.waits()).hasSize(1);
  }

  @Test
  void an_answer_that_does_not_come_is_given_up_and_tried_again() throws Exception {
    Rig hasty = new Rig(server.base()).timeout(Duration.ofMillis(150));
    server
        .with(
            exchange -> {
              try {
                Thread.sleep(600);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            })
        .says(QuestionTests.upserted(false));

    Upserted answer = hasty.client().upsert(RunUpsert.bare(Rig.RUN));

    assertThat(answer.ambiguous()).isTrue();
    assertThat(hasty.waits()).hasSize(1);
  }

  @Test
  void a_body_that_does_not_end_is_given_up_too() throws Exception {
    Rig hasty = new Rig(server.base()).timeout(Duration.ofMillis(300));
    CountDownLatch over = new CountDownLatch(1);
    server
        .with(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write('{');
              exchange.getResponseBody().flush();
              try {
                over.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            })
        .says(QuestionTests.upserted(false));

    Upserted answer = hasty.client().upsert(RunUpsert.bare(Rig.RUN));

    over.countDown();
    assertThat(answer.ambiguous()).isTrue();
    assertThat(hasty.waits()).hasSize(1);
  }

  @Test
  void an_interrupt_ends_the_waiting_and_stays_set() {
    server.says(500, "").says(VIEWER);
    WandbClient interrupted =
        rig.client(
            time -> {
              throw new InterruptedException();
            });

    Kind kind = QuestionTests.kind(interrupted::viewer);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(kind).isEqualTo(Kind.UNREACHABLE);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void an_interrupt_during_a_request_ends_the_call() {
    server.says(VIEWER);
    Thread.currentThread().interrupt();

    Kind kind = QuestionTests.kind(client::viewer);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(kind).isEqualTo(Kind.UNREACHABLE);
    assertThat(rig.waits()).isEmpty();
  }
}
