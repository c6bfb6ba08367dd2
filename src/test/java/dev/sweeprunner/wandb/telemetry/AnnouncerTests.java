package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Telemetry.Announcement;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.testkit.wandb.LoggedRequest;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnouncerTests {
  static final Announcer.Times TIMES =
      new Announcer.Times(Duration.ofSeconds(45), Duration.ofMinutes(5), Duration.ofHours(1));

  @TempDir Path root;
  private Station station;
  private int questions;
  private final List<Duration> pauses = new ArrayList<>();
  private Runnable meanwhile = () -> {};

  @BeforeEach
  void start() {
    station = new Station(root);
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void a_run_that_does_not_exist_is_created_and_claimed_without_a_wait() {
    Announcement answer = announce("near", 1);

    assertThat(answer).isEqualTo(new Announcement.Ours());
    assertThat(pauses).isEmpty();
    assertThat(token()).isEqualTo("near:1");
    assertThat(station.remote().config()).containsKeys("training.max_iters", "_wandb");
    assertThat(station.remote().announced()).containsEntry("group", "tiny");
  }

  @Test
  void whoever_creates_it_a_moment_later_has_lost_and_wrote_nothing() throws WandbFailure {
    WandbClient late = station.client(Station.SECRET, this::createByRivalAtTheSecondRequest);

    Announcement answer = announce(late, "near", 1);

    assertThat(answer).isInstanceOf(Announcement.Lost.class);
    assertThat(token()).isEqualTo("far:9");
  }

  @Test
  void a_creation_whose_answer_was_lost_is_read_back_and_ours() {
    station.server.faults().next(Channel.GRAPHQL, Fault.LATENCY, Fault.DROP_AFTER);
    station.server.faults().latency(Duration.ZERO);

    Announcement answer = announce("near", 1);

    assertThat(answer).isEqualTo(new Announcement.Ours());
    assertThat(token()).isEqualTo("near:1");
    assertThat(pauses).hasSize(2);
  }

  @Test
  void a_creation_whose_answer_was_lost_may_have_been_a_rivals() {
    station.server.faults().next(Channel.GRAPHQL, Fault.LATENCY, Fault.DROP_AFTER);
    station.server.faults().latency(Duration.ZERO);
    meanwhile = () -> write("far", 9);

    Announcement answer = announce("near", 1);

    assertThat(answer).isInstanceOf(Announcement.Lost.class);
    assertThat(token()).isEqualTo("far:9");
  }

  @Test
  void a_run_of_our_own_is_renewed_without_a_wait_live_or_dead_for_a_while() {
    place("running", claim("near", 1), "{}");
    Announcement live = announce("near", 4);
    place("preempted", claim("near", 4), "{}");
    Announcement dead = announce("near", 7);

    assertThat(List.of(live, dead)).containsOnly(new Announcement.Ours());
    assertThat(pauses).isEmpty();
    assertThat(token()).isEqualTo("near:7");
    assertThat(station.remote().state()).isEqualTo("running");
  }

  @Test
  void a_run_of_our_own_that_was_silent_for_the_grace_is_claimed_like_a_dead_one() {
    placeLongAgo();
    Announcement alone = announce("near", 4);
    placeLongAgo();
    meanwhile = () -> write("far", 9);
    Announcement contested = announce("near", 7);

    assertThat(alone).isEqualTo(new Announcement.Ours());
    assertThat(contested).isInstanceOf(Announcement.Lost.class);
    assertThat(pauses).hasSize(2);
    assertThat(token()).isEqualTo("far:9");
  }

  @Test
  void a_run_that_is_live_elsewhere_is_left_alone() {
    place("running", claim("far", 3), "{}");

    Announcement answer = announce("near", 1);

    assertThat(answer).isEqualTo(new Announcement.Lost("it is trained on cluster far"));
    assertThat(token()).isEqualTo("far:3");
    assertThat(pauses).isEmpty();
  }

  @Test
  void only_a_whole_run_counts_as_finished_elsewhere() {
    place("finished", claim("far", 3), "{\"iter\":11}");
    Announcement whole = announce("near", 1);
    place("finished", claim("far", 3), "{\"iter\":10}");
    Announcement part = announce("near", 1);

    assertThat(whole).isInstanceOf(Announcement.Lost.class);
    assertThat(part).isEqualTo(new Announcement.Ours());
  }

  @Test
  void a_dead_run_is_claimed_and_read_back_after_the_settle_time() {
    place("preempted", claim("far", 3), "{}");

    Announcement answer = announce("near", 1);

    assertThat(answer).isEqualTo(new Announcement.Ours());
    assertThat(token()).isEqualTo("near:1");
    assertThat(pauses).containsExactly(TIMES.settle());
  }

  @Test
  void of_several_that_claim_a_dead_run_the_last_one_that_wrote_has_it() {
    place("failed", claim("far", 3), "{}");
    meanwhile = () -> write("rival", 2);

    Announcement answer = announce("near", 1);

    assertThat(answer)
        .isEqualTo(
            new Announcement.Lost("it was claimed on cluster cluster-rival at the same time"));
    assertThat(token()).isEqualTo("rival:2");
  }

  @Test
  void a_run_that_comes_alive_during_the_settle_time_is_left_to_whoever_works_on_it() {
    place("running", claim("far", 3), "{}");
    station.clock.advance(Duration.ofMinutes(10));
    meanwhile = this::beat;

    Announcement answer = announce("near", 1);

    assertThat(answer).isInstanceOf(Announcement.Lost.class);
  }

  @Test
  void a_nameless_run_whose_heart_beats_on_is_left_alone() {
    place("running", "{}", "{}");
    meanwhile = this::beat;

    Announcement answer = announce("near", 1);

    assertThat(answer).isEqualTo(new Announcement.Lost("another program logs to it"));
    assertThat(station.remote().config()).isEmpty();
  }

  @Test
  void a_nameless_run_that_falls_silent_is_claimed() {
    place("running", "{}", "{}");

    Announcement answer = announce("near", 1);

    assertThat(answer).isEqualTo(new Announcement.Ours());
    assertThat(token()).isEqualTo("near:1");
    assertThat(pauses).hasSize(2);
  }

  @Test
  void a_nameless_run_may_get_its_name_while_one_waits() {
    place("running", "{}", "{}");
    meanwhile = () -> write("far", 9);

    Announcement answer = announce("near", 1);

    assertThat(answer).isEqualTo(new Announcement.Lost("it is trained on cluster cluster-far"));
  }

  @Test
  void a_wait_cut_short_settles_nothing() {
    place("preempted", claim("far", 3), "{}");
    Announcer announcer = new Announcer(station.client(), stopped -> {}, station.clock, TIMES);

    Announcement answer =
        announcer.announce(station.descriptor("near", 1), station.entity(), new Goal(12, 1, ""));

    assertThat(answer).isInstanceOf(Announcement.Unsettled.class);
  }

  @Test
  void while_nobody_answers_it_is_unknown_who_has_the_run() {
    station.server.faults().outage(true);

    Announcement answer = announce("near", 1);

    assertThat(answer).isInstanceOf(Announcement.Unknown.class);
  }

  @Test
  void with_a_wrong_key_it_is_unknown_and_the_sentence_says_what_to_do() {
    WandbClient stranger = station.client("f".repeat(12), station.clock::now);

    Announcement answer = announce(stranger, "near", 1);

    assertThat(answer).isInstanceOf(Announcement.Unknown.class);
    assertThat(((Announcement.Unknown) answer).why())
        .contains("401")
        .contains("WANDB_API_KEY")
        .doesNotContain("ffff");
  }

  @Test
  void a_fresh_claim_costs_three_questions() {
    announce("near", 1);

    assertThat(station.server.requests().all())
        .extracting(LoggedRequest::status)
        .containsExactly(200, 200, 200);
  }

  private Instant createByRivalAtTheSecondRequest() {
    if (++questions == 2) {
      write("far", 9);
    }
    return station.clock.now();
  }

  private Announcement announce(String cluster, int epoch) {
    return announce(station.client(), cluster, epoch);
  }

  private Announcement announce(WandbClient client, String cluster, int epoch) {
    Pause pause =
        time -> {
          pauses.add(time);
          station.clock.advance(time);
          meanwhile.run();
        };
    return new Announcer(client, pause, station.clock, TIMES)
        .announce(station.descriptor(cluster, epoch), station.entity(), new Goal(12, 1, ""));
  }

  private void place(String state, String config, String summary) {
    station.server.runs().place(station.address(), state, config, summary);
  }

  private void placeLongAgo() {
    station.clock.jump(Duration.ofHours(-2));
    place("preempted", claim("near", 1), "{}");
    station.clock.jump(Duration.ofHours(2));
  }

  private void write(String cluster, int epoch) {
    try {
      RunDescriptor descriptor = station.descriptor(cluster, epoch);
      station.client().upsert(RunUpsert.bare(descriptor.path(Station.ENTITY)));
      station.client().upsert(descriptor.upsert(Station.ENTITY, null));
    } catch (WandbFailure failure) {
      throw new AssertionError(failure);
    }
  }

  private void beat() {
    try {
      station.client().stream(
          station.descriptor("x", 1).path(Station.ENTITY), StreamChunk.HEARTBEAT);
    } catch (WandbFailure failure) {
      throw new AssertionError(failure);
    }
  }

  private static String claim(String root, int epoch) {
    Claimant claimant = new Claimant(root, epoch, root, "w", "cpu", "1");
    return ValueJson.of(Map.of(Claimant.KEY, Map.of("value", claimant.members())));
  }

  private String token() {
    return station.remote().config().get(Claimant.KEY) instanceof Map<?, ?> entry
            && entry.get("value") instanceof Map<?, ?> members
        ? String.valueOf(members.get("token"))
        : "none";
  }
}
