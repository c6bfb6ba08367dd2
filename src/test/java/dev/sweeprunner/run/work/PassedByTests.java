package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.Obstacle;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Place;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.IdleTraining;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one run's folders refuse is that run's trouble; what all refuse is the node's. */
class PassedByTests {
  @TempDir Path folder;

  private final List<String> news = new ArrayList<>();
  private final Refusing claims = new Refusing();
  private Points points;
  private Registry registry = Registry.disabled();
  private Policy policy = Situations.POLICY;
  private Place place = Place.anywhere();
  private Claimer claimer;

  @BeforeEach
  void three_points() {
    points = Grids.tiny(folder, 3, 40);
    claimer = claimer();
  }

  private Claimer claimer() {
    SettableClock clock = new SettableClock();
    Training training = new IdleTraining(new Training.Size(1, 1), null);
    Observer observer =
        new Observer(
            claims,
            runId -> registry.state(runId),
            Scheduler.none(),
            training,
            clock,
            new Judge(policy),
            false);
    Pass pass =
        new Pass(points, claims, "w", clock, Duration.ofSeconds(30), HomeCluster.everywhere());
    return new Claimer(
        pass,
        observer,
        claims,
        training,
        new LogCloser(claims, new ToldJournal(), Trace.OFF),
        Telemetry.OFF,
        new Claimer.Options(policy, true, news::add, () -> place.takesMore()),
        TimeBudget.unlimited());
  }

  @Test
  void a_claim_that_one_folder_refuses_is_passed_by_and_said_once() {
    claims.usable = true;

    for (int pass = 0; pass < 2; pass++) {
      assertThat(claimer.contend(0)).isEmpty();
      assertThat(claimer.contend(1)).isEmpty();
    }

    assertThat(news)
        .containsExactly(
            "Passed by: " + points.runId(0) + ": EIO. Other runs can be claimed.",
            "Passed by: " + points.runId(1) + ": EIO. Other runs can be claimed.");
  }

  /** A claim that was tried would have thrown: none can be written. */
  @Test
  void on_a_node_that_takes_no_more_nothing_is_claimed() {
    place = () -> false;

    assertThat(claimer.contend(0)).isEmpty();
    assertThat(news).isEmpty();
  }

  @Test
  void who_can_claim_nothing_asks_whether_to_stay() {
    List<String> asked = new ArrayList<>();
    place = () -> asked.add("asked");
    assertThat(claimer.anyClaimable()).isTrue();
    assertThat(asked).as("it asks before the claim").isEmpty();

    policy = closed(Situations.POLICY);
    registry = runId -> new Registry.Remote.Unknown("W&B answers 503");
    claimer = claimer();
    assertThat(claimer.anyClaimable()).isFalse();
    assertThat(asked).containsExactly("asked");
  }

  @Test
  void a_silent_registry_is_named_where_nothing_is_claimed_without_it() {
    claims.usable = true;
    policy = closed(Situations.POLICY);
    registry = runId -> new Registry.Remote.Unknown("W&B answers 503");
    claimer = claimer();

    boolean any = claimer.anyClaimable();
    Optional<String> silent = claimer.unanswered();
    registry = Registry.disabled();

    assertThat(any).isFalse();
    assertThat(silent).contains("W&B answers 503");
    assertThat(claimer.anyClaimable()).isTrue();
    assertThat(claimer.unanswered()).isEmpty();
  }

  @Test
  void a_silent_registry_is_not_named_where_claims_do_not_hang_on_it() {
    claims.usable = true;
    registry = runId -> new Registry.Remote.Unknown("W&B answers 503");

    assertThat(claimer.anyClaimable()).isTrue();
    assertThat(claimer.unanswered()).isEmpty();
  }

  private static Policy closed(Policy policy) {
    return new Policy(
        policy.afresh(),
        Policy.Down.CLOSED,
        policy.home(),
        policy.crashGrace(),
        policy.live(),
        policy.comeBack(),
        policy.retryPolicy());
  }

  @Test
  void where_no_claim_can_be_written_the_node_is_sick() {
    assertThatThrownBy(() -> claimer.contend(0))
        .isInstanceOf(SickNode.class)
        .hasMessageContaining("no claim can be written");
  }

  @Test
  void a_folder_of_another_user_is_never_tried_and_said_once() {
    claims.closed.add(points.runId(1));
    claims.usable = true;

    assertThat(claimer.anyClaimable()).isTrue();
    assertThat(claimer.contend(1)).isEmpty();
    assertThat(claimer.contend(1)).isEmpty();

    assertThat(news).containsExactly("Passed by: it is ann's. ann mends it.");
    assertThat(claims.tried).isEmpty();
  }

  @Test
  void however_many_are_closed_what_is_said_stays_short() {
    points = Grids.tiny(folder, 3, 40);
    claims.usable = true;

    for (int i = 0; i < 100; i++) {
      claims.reason = "EIO " + i;
      assertThat(claimer.contend(0)).isEmpty();
    }

    assertThat(news).hasSizeLessThan(25);
  }

  /** Claims of which every one is refused. */
  private static final class Refusing implements Claims {
    private final Set<String> closed = new HashSet<>();
    private final List<String> tried = new ArrayList<>();
    private boolean usable;
    private String reason = "EIO";

    @Override
    public Listing list(String project) {
      return new Listing(Set.of(), Set.of());
    }

    @Override
    public ClaimState look(RunKey key) {
      return new ClaimState.Unclaimed();
    }

    @Override
    public @Nullable Obstacle obstacle(RunKey key, ClaimState state) {
      return closed.contains(key.runId()) ? new Obstacle("it is ann's", "ann mends it") : null;
    }

    @Override
    public boolean usable(String project) {
      return usable;
    }

    @Override
    public Optional<Claim> claim(RunKey key, String configSha256, ClaimState basis) {
      tried.add(key.runId());
      throw new UncheckedIOException(key.runId() + ": " + reason, new IOException(reason));
    }

    @Override
    public void conclude(RunKey key) {
      throw new AssertionError("nothing has ended");
    }

    @Override
    public Optional<LogEnd> reset(RunKey key) {
      throw new AssertionError("nothing is reset");
    }

    @Override
    public EarlierTraces earlier(RunKey key, @Nullable Goal goal) {
      return EarlierTraces.NONE;
    }

    @Override
    public List<LogEnd> history(RunKey key) {
      return List.of();
    }

    @Override
    public List<Finding> findings() {
      return List.of();
    }
  }
}
