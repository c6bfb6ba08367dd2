package dev.sweeprunner.wandb.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What those who keep a worker waiting remember of W&amp;B's silence. */
class OutageTests {
  private static final String VIEWER = "{\"data\":{\"viewer\":{\"entity\":\"acme\"}}}";
  private static final int TRIES = 4;

  private Loopback server;
  private Rig rig;
  private WandbClient background;
  private WandbClient waitedFor;

  @BeforeEach
  void start() throws IOException {
    server = Loopback.http();
    rig = new Rig(server.base());
    background = rig.client();
    waitedFor = background.with(Patience.brief()).waitedFor();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void after_one_vain_question_all_others_fail_at_once() {
    silent(TRIES);
    QuestionTests.kind(waitedFor::viewer);
    rig.pass(Duration.ofMillis(29_999));

    Kind same = QuestionTests.kind(waitedFor::viewer);
    Kind other = QuestionTests.kind(() -> background.waitedFor().knows("acme"));

    assertThat(same).isEqualTo(Kind.UNREACHABLE);
    assertThat(other).isEqualTo(Kind.UNREACHABLE);
    assertThat(server.requests()).hasSize(TRIES);
  }

  @Test
  void after_thirty_seconds_one_try_tells_whether_it_goes_on() {
    silent(TRIES + 1);
    QuestionTests.kind(waitedFor::viewer);
    rig.pass(Duration.ofSeconds(30));

    QuestionTests.kind(waitedFor::viewer);
    int probed = server.requests().size();
    QuestionTests.kind(waitedFor::viewer);

    assertThat(probed).isEqualTo(TRIES + 1);
    assertThat(server.requests()).hasSize(probed);
  }

  @Test
  void an_answer_to_anybody_ends_it() throws Exception {
    silent(TRIES);
    QuestionTests.kind(waitedFor::viewer);
    server.says(VIEWER).says(500, "").says(VIEWER);

    background.viewer();
    Viewer viewer = waitedFor.viewer();

    assertThat(viewer.entity()).isEqualTo("acme");
  }

  @Test
  void a_refusal_is_an_answer_too() {
    silent(TRIES);
    QuestionTests.kind(waitedFor::viewer);
    server.says(404, "").says(404, "");

    QuestionTests.kind(background::viewer);

    assertThat(QuestionTests.kind(waitedFor::viewer)).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void who_does_not_keep_a_worker_waiting_asks_on() throws Exception {
    silent(TRIES);
    QuestionTests.kind(waitedFor::viewer);
    silent(3);
    server.says(VIEWER);

    assertThat(background.viewer().entity()).isEqualTo("acme");
  }

  @Test
  void a_single_try_and_a_background_tell_nothing_for_others() throws Exception {
    silent(1);
    QuestionTests.kind(background.with(Patience.once()).waitedFor()::viewer);
    silent(TRIES);
    QuestionTests.kind(background.with(Patience.brief())::viewer);
    server.says(VIEWER);

    assertThat(waitedFor.viewer().entity()).isEqualTo("acme");
  }

  @Test
  void a_claim_that_does_not_hang_on_the_answer_waits_eight_seconds_at_most() {
    silent(TRIES);

    QuestionTests.kind(background.with(Patience.glance()).waitedFor()::viewer);

    assertThat(server.requests()).hasSize(3);
    assertThat(rig.waits().stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(Duration.ofSeconds(8));
    assertThat(QuestionTests.kind(waitedFor::viewer)).isEqualTo(Kind.UNREACHABLE);
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void a_clock_set_back_does_not_prolong_it() throws Exception {
    silent(TRIES);
    QuestionTests.kind(waitedFor::viewer);
    server.says(VIEWER);

    rig.pass(Duration.ofHours(-1));

    assertThat(waitedFor.viewer().entity()).isEqualTo("acme");
  }

  private void silent(int requests) {
    for (int i = 0; i < requests; i++) {
      server.says(500, "");
    }
  }
}
