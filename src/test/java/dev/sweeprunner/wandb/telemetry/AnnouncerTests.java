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
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnnouncerTests {
  static final Announcer.Times TIMES =
      new Announcer.Times(Duration.ofSeconds(45), Duration.ofMinutes(5), Duration.ofHours(1));

  @TempDir Path root;
  private Station station;
  private int questions;
  private boolean local = true;
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
    assertThat(station.heard)
        .containsExactly(
            "Run 0123abcd: waiting 45 s to settle with other clusters which of them has it.");
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
    Announcer announcer =
        new Announcer(station.client(), stopped -> {}, station.clock, TIMES, station.heard::add);

    Announcement answer =
        announcer.announce(
            station.descriptor("near", 1), station.entity(), new Goal(12, 1, ""), true);

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

  @Test
  void a_claim_is_begun_with_an_accepted_heartbeat() {
    place("preempted", claim("far", 3), "{}");

    announce("near", 1);

    assertThat(station.remote().state()).isEqualTo("running");
    assertThat(station.remote().heartbeat()).isEqualTo(station.clock.now());
  }

  @Test
  void a_claim_without_an_accepted_heartbeat_is_given_up() {
    place("preempted", claim("far", 3), "{}");
    station.server.faults().rate(Channel.FILE_STREAM, 1, Set.of(Fault.ERROR_500, Fault.LIMITED));

    Announcement answer = announce("near", 1);

    assertThat(answer).isInstanceOf(Announcement.Unsettled.class);
  }

  @Test
  void a_claim_whose_heartbeat_comes_late_is_lost_to_whoever_settled_in_the_gap() {
    place("preempted", claim("far", 3), "{}");
    station.server.faults().next(Channel.FILE_STREAM, Fault.ERROR_500, Fault.ERROR_500);
    List<Announcement> rivals = new ArrayList<>();
    WandbClient late =
        station.client(
            Station.SECRET,
            station.clock::now,
            retry -> {
              if (rivals.isEmpty()) {
                station.server.faults().next(Channel.GRAPHQL);
                rivals.add(announce(station.client(), "rival", 2));
              }
            });

    Announcement answer = announce(late, "near", 1);

    assertThat(rivals).containsExactly(new Announcement.Ours());
    assertThat(answer)
        .isEqualTo(
            new Announcement.Lost("it was claimed on cluster cluster-rival at the same time"));
    assertThat(token()).isEqualTo("rival:2");
  }

  @Test
  void a_claim_whose_heartbeat_comes_late_and_unrivalled_is_settled_once_more() {
    place("preempted", claim("far", 3), "{}");
    station.server.faults().next(Channel.FILE_STREAM, Fault.DROP_AFTER);

    Announcement answer = announce(passingBetweenTries(Duration.ofSeconds(23)), "near", 1);

    assertThat(answer).isEqualTo(new Announcement.Ours());
    assertThat(pauses).containsExactly(TIMES.settle(), TIMES.settle());
  }

  @Test
  void a_heartbeat_within_half_the_settle_time_is_soon_enough() {
    place("preempted", claim("far", 3), "{}");
    station.server.faults().next(Channel.FILE_STREAM, Fault.ERROR_500);

    Announcement answer = announce(passingBetweenTries(Duration.ofSeconds(22)), "near", 1);

    assertThat(answer).isEqualTo(new Announcement.Ours());
    assertThat(pauses).containsExactly(TIMES.settle());
  }

  @Test
  void a_claim_whose_heartbeats_always_come_late_is_given_up() {
    place("preempted", claim("far", 3), "{}");
    for (int round = 0; round < 3; round++) {
      station.server.faults().next(Channel.FILE_STREAM, Fault.ERROR_500, Fault.NAN);
    }

    Announcement answer = announce(passingBetweenTries(Duration.ofSeconds(30)), "near", 1);

    assertThat(answer).isInstanceOf(Announcement.Unsettled.class);
    assertThat(pauses).hasSize(3);
  }

  @Test
  void a_rival_that_began_between_the_look_and_the_claim_is_waited_for_as_long_as_it_may_be_live() {
    place("preempted", claim("far", 3), "{}");
    AtomicInteger requests = new AtomicInteger();
    WandbClient overtaken =
        station.client(
            Station.SECRET,
            () -> {
              if (requests.incrementAndGet() == 2) {
                station.clock.advance(Duration.ofSeconds(1));
                beat();
              }
              return station.clock.now();
            },
            retry -> {});
    meanwhile = () -> beatAtPause(5);

    Announcement answer = announce(overtaken, "near", 1);

    assertThat(answer).isEqualTo(new Announcement.Lost("somebody works on it after all"));
    assertThat(pauses).hasSize(5);
  }

  @Test
  void a_run_that_was_found_dead_long_ago_is_looked_at_again() {
    place("preempted", claim("far", 3), "{}");
    AtomicInteger requests = new AtomicInteger();
    WandbClient frozen =
        station.client(
            Station.SECRET,
            () -> {
              if (requests.incrementAndGet() == 1) {
                station.clock.advance(TIMES.settle());
              } else if (requests.get() == 2) {
                beat();
              }
              return station.clock.now();
            },
            retry -> {});

    Announcement answer = announce(frozen, "near", 1);

    assertThat(answer).isEqualTo(new Announcement.Lost("it is trained on cluster far"));
    assertThat(token()).isEqualTo("far:3");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"ERROR_500", "BAD_GATEWAY", "LIMITED", "DROP_BEFORE", "DROP_AFTER", "FORBIDDEN"})
  void silence_after_a_dead_run_was_seen_settles_nothing_wherever_it_begins(Fault fault) {
    for (int answered = 1; answered <= 4; answered++) {
      place("preempted", claim("far", 3), "{}");
      AtomicInteger requests = new AtomicInteger();
      int last = answered;
      WandbClient silenced =
          station.client(
              Station.SECRET,
              () -> {
                if (requests.incrementAndGet() == last + 1) {
                  station.server.faults().rate(Channel.GRAPHQL, 1, Set.of(fault));
                  station.server.faults().rate(Channel.FILE_STREAM, 1, Set.of(fault));
                }
                return station.clock.now();
              },
              retry -> {});

      Announcement answer = announce(silenced, "near", 1);
      station.server.faults().rate(0);

      assertThat(answer).as("after " + last).isInstanceOf(Announcement.Unsettled.class);
    }
  }

  @Test
  void a_lost_claims_leftover_in_a_run_that_lives_elsewhere_is_no_claim_of_ours() {
    place("running", claim("near", 1), "{}");
    local = false;

    Announcement answer = announce("near", 4);

    assertThat(answer).isEqualTo(new Announcement.Lost("it is trained elsewhere"));
  }

  @Test
  void a_renewal_that_is_answered_after_the_lease_is_settled_like_a_dead_one() {
    place(Duration.ofMinutes(58), "preempted", claim("near", 1));
    station.server.faults().next(Channel.FILE_STREAM, Fault.ERROR_500);

    Announcement answer = announce(passingBetweenTries(Duration.ofMinutes(5)), "near", 4);

    assertThat(answer).isEqualTo(new Announcement.Ours());
    assertThat(pauses).containsExactly(TIMES.settle());
    assertThat(token()).isEqualTo("near:4");
  }

  @Test
  void a_renewal_that_is_answered_after_another_cluster_claimed_is_lost() {
    place(Duration.ofMinutes(58), "preempted", claim("near", 1));
    station.server.faults().next(Channel.FILE_STREAM, Fault.ERROR_500);
    WandbClient late =
        station.client(
            Station.SECRET,
            station.clock::now,
            retry -> {
              station.clock.advance(Duration.ofMinutes(5));
              write("far", 9);
            });

    Announcement answer = announce(late, "near", 4);

    assertThat(answer).isInstanceOf(Announcement.Lost.class);
    assertThat(token()).isEqualTo("far:9");
  }

  @Test
  void a_renewal_that_fails_until_the_lease_has_ended_settles_nothing() {
    place(Duration.ofMinutes(58), "preempted", claim("near", 1));
    station.server.faults().rate(Channel.FILE_STREAM, 1, Set.of(Fault.ERROR_500));
    Announcement late = announce(passingBetweenTries(Duration.ofMinutes(5)), "near", 4);

    place(Duration.ofMinutes(8), "preempted", claim("near", 1));
    Announcement within = announce(passingBetweenTries(Duration.ofMinutes(5)), "near", 7);

    assertThat(late).isInstanceOf(Announcement.Unsettled.class);
    assertThat(within).isInstanceOf(Announcement.Unknown.class);
  }

  private WandbClient passingBetweenTries(Duration time) {
    return station.client(Station.SECRET, station.clock::now, retry -> station.clock.advance(time));
  }

  private void beatAtPause(int number) {
    if (pauses.size() == number) {
      beat();
    }
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
    return new Announcer(client, pause, station.clock, TIMES, station.heard::add)
        .announce(station.descriptor(cluster, epoch), station.entity(), new Goal(12, 1, ""), local);
  }

  private void place(String state, String config, String summary) {
    station.server.runs().place(station.address(), state, config, summary);
  }

  private void placeLongAgo() {
    place(Duration.ofHours(2), "preempted", claim("near", 1));
  }

  private void place(Duration ago, String state, String config) {
    // Its age is judged by the Date of the answer, which is the machine's.
    Duration real = Duration.between(station.clock.now(), Instant.now()).minus(ago);
    station.clock.jump(real);
    place(state, config, "{}");
    station.clock.jump(real.negated());
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
