package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static dev.sweeprunner.claim.Workers.SHA;
import static dev.sweeprunner.claim.Workers.claim;
import static dev.sweeprunner.claim.Workers.logged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.host.ProcProcesses;
import dev.sweeprunner.host.ThisProcess;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A proof of death that is none takes nobody's run, and a false one costs at most one takeover. */
class ProofOfDeathTests {
  @TempDir Path root;

  private Workers workers;

  @BeforeEach
  void a_root() {
    workers = new Workers(root);
  }

  /** Machine id and host name are the same, as of clones, pods and containers. */
  @ParameterizedTest
  @CsvSource({
    "boot-1, 4026531836, boot-2, 4026531836", // two machines from one image, two pods
    "boot-1, 4026532100, boot-1, 4026532200" // two containers on one machine
  })
  void machines_that_share_an_identity_leave_each_other_their_runs(
      String bootOfA, String namespaceOfA, String bootOfB, String namespaceOfB) {
    DirectoryClaims a = clone("a", bootOfA, namespaceOfA);
    DirectoryClaims b = clone("b", bootOfB, namespaceOfB);

    assertThat(takeovers(a, b)).isZero();
    assertThat(summary(a)).extracting(LogEnd::epoch).isEqualTo(1);
  }

  /** Whatever the process table says: owners that live are not taken for poison. */
  @Test
  void owners_that_are_falsely_proven_dead_poison_nothing() {
    workers.gone.add("a");
    workers.gone.add("b");

    int takeovers = takeovers(workers.start("a"), workers.start("b"));

    assertThat(takeovers).isEqualTo(1);
    assertThat(summary(workers.start("c")).summary().deaths()).isZero();
  }

  @Test
  void a_proof_is_refuted_by_a_beat_and_then_only_watching_counts() {
    DirectoryClaims a = workers.start("a");
    claim(a);
    workers.gone.add("a");
    DirectoryClaims b = workers.start("b");
    Claim second = claim(b);
    workers.gone.add("b");

    assertThat(kind(a.look(RUN))).isEqualTo(Liveness.Kind.SILENT);
    workers.clock.pass(SETTINGS.beat());
    Workers.beat(second);

    assertThat(kind(a.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
    assertThat(kind(workers.watch(a, SETTINGS.beat().multipliedBy(5))))
        .isEqualTo(Liveness.Kind.SILENT);
    assertThat(kind(workers.watch(a, SETTINGS.expiry()))).isEqualTo(Liveness.Kind.EXPIRED);
  }

  @Test
  void the_second_death_in_a_row_within_a_beat_is_watched_for_two_beats_and_counts() {
    claim(workers.start("a"));
    workers.gone.add("a");
    claim(workers.start("b"));
    workers.gone.add("b");
    DirectoryClaims c = workers.start("c");

    assertThat(kind(c.look(RUN))).isEqualTo(Liveness.Kind.SILENT);
    assertThat(kind(workers.watch(c, SETTINGS.beat().multipliedBy(2))))
        .isEqualTo(Liveness.Kind.PROVEN_DEAD);
    assertThat(claim(c).summary().deaths()).isEqualTo(1);
  }

  @Test
  void a_run_that_kills_each_owner_at_once_is_poisoned_all_the_same() {
    for (int i = 0; i < 7; i++) {
      DirectoryClaims worker = workers.start("w" + i);
      workers.watch(worker, SETTINGS.beat().multipliedBy(2));
      claim(worker);
      workers.gone.add("w" + i);
    }

    assertThat(summary(workers.start("c")).summary().deaths()).isGreaterThanOrEqualTo(5);
  }

  @Test
  void a_death_counts_once_the_claim_has_stood_for_a_beat() {
    Claim first = claim(workers.start("a"));
    Workers.beat(first);
    workers.gone.add("a");

    assertThat(claim(workers.start("b")).summary().deaths()).isEqualTo(1);
  }

  @Test
  void a_death_that_slurm_proves_counts_at_once() {
    claim(workers.start("a"));
    DirectoryClaims b = workers.start("b");
    ClaimState.Logged looked = logged(b.look(RUN));
    ClaimState proven = new ClaimState.Logged(looked.end(), owner(looked).provenDead("its job"));

    assertThat(b.claim(RUN, SHA, proven).orElseThrow().summary().deaths()).isEqualTo(1);
  }

  @Test
  void what_a_living_worker_gave_up_without_a_word_is_no_death() {
    DirectoryClaims a = workers.start("a");
    Claim first = claim(a);
    Workers.beat(first);
    first.close();

    assertThat(claim(a).summary().deaths()).isZero();
  }

  @Test
  void a_claim_over_a_released_run_is_no_takeover() {
    claim(workers.start("a")).release(ReleaseReason.PREEMPTED, "SIGTERM");
    claim(workers.start("b"));
    workers.gone.add("b");

    assertThat(kind(workers.start("c").look(RUN))).isEqualTo(Liveness.Kind.PROVEN_DEAD);
  }

  /** For two minutes both look each second and take what they may; both beat. */
  private int takeovers(DirectoryClaims a, DirectoryClaims b) {
    List<Claim> claims = new ArrayList<>();
    claims.add(claim(a));
    for (int second = 1; second <= 120; second++) {
      workers.clock.pass(Duration.ofSeconds(1));
      if (second % SETTINGS.beat().toSeconds() == 0) {
        claims.forEach(Workers::beat);
      }
      for (DirectoryClaims worker : List.of(a, b)) {
        ClaimState state = worker.look(RUN);
        if (owner(state).dead()) {
          worker.claim(RUN, SHA, state).ifPresent(claims::add);
        }
      }
    }
    return claims.size() - 1;
  }

  private DirectoryClaims clone(String name, String boot, String namespace) {
    ThisProcess self =
        new ThisProcess(name, "node", "machine", boot, 4_000_000, "70", namespace, "ada");
    Processes processes = new ProcProcesses(self);
    ClaimPorts around = new ClaimPorts(workers.clock, time -> {}, processes, Trace.OFF, List::of);
    return new DirectoryClaims(
        new ClaimSite(
            workers.layout,
            workers.files,
            self.owner(name, "local", "cpu", null),
            SETTINGS,
            around),
        claim -> {});
  }

  private static LogEnd summary(DirectoryClaims claims) {
    return logged(claims.look(RUN)).end();
  }

  private static Liveness.Kind kind(ClaimState state) {
    return owner(state).kind();
  }

  private static Liveness owner(ClaimState state) {
    @Nullable Liveness owner = logged(state).owner();
    if (owner == null) {
      throw new AssertionError("no owner in " + state);
    }
    return owner;
  }
}
