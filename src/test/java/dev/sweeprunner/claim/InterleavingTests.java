package dev.sweeprunner.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Trace;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three workers on two runs, interleaved call by call, killed anywhere, with lost replies, and with
 * owners that are taken for dead at any time whether they live or not. Whatever happens, each log
 * is one chain, and nobody is told anything that is not so.
 */
class InterleavingTests {
  private static final List<RunKey> RUNS =
      List.of(new RunKey("p", "g", "00000001", 1), new RunKey("p", "g", "00000002", 1));
  private static final int ROUNDS = 12;

  private final SettableClock clock = new SettableClock();

  @ParameterizedTest
  @CsvSource({
    "1, 120, 0.0, 0.0, true",
    "1000, 120, 0.01, 0.0, true",
    "2000, 150, 0.005, 0.03, true",
    "3000, 200, 0.005, 0.08, true",
    "4000, 100, 0.0, 0.0, false"
  })
  void every_log_is_one_chain_and_every_answer_is_true(
      long firstSeed, int seeds, double deaths, double faults, boolean links) throws Exception {
    Tally all = new Tally();

    for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
      new Episode(seed, deaths, faults, links, all).play();
    }

    assertThat(all.finished).as("finished runs").isPositive();
    assertThat(all.refused).as("appends refused to superseded owners").isPositive();
    assertThat(all.late).as("slots below the end of a compacted log").isPositive();
    assertThat(all.lostClaims).as("claims lost to somebody faster").isPositive();
  }

  private static final class Tally {
    int finished;
    int refused;
    int lostClaims;
    int late;
  }

  /** What a worker was told about one append. */
  private record Answer(RunKey key, PublishedCheckpoint checkpoint, boolean won) {}

  private final class Episode {
    private final long seed;
    private final double faults;
    private final boolean links;
    private final Tally tally;
    private final Random random;
    private final Turnstile turnstile;
    private final LogModel model = new LogModel();
    private final MemoryFiles files = new MemoryFiles(model::named);
    private final Layout layout = new Layout(Path.of("/storage"));
    private final List<Answer> answers = new ArrayList<>();
    private int names;

    Episode(long seed, double deaths, double faults, boolean links, Tally tally) {
      this.seed = seed;
      this.faults = faults;
      this.links = links;
      this.tally = tally;
      this.random = new Random(seed);
      this.turnstile = new Turnstile(random, deaths);
    }

    void play() throws InterruptedException {
      for (int i = 0; i < 3; i++) {
        String name = "w" + i;
        turnstile.add(gate -> live(gate, name));
      }
      try {
        turnstile.run();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
      model.verify(seed);
      tally.late += model.late;
      answers.forEach(this::verify);
      RUNS.forEach(this::verifyEnd);
    }

    private void live(Turnstile.Gate gate, String name) {
      for (int round = 0; round < ROUNDS; ) {
        Owner owner = owner(name);
        DirectoryClaims claims =
            claims(owner, new SteppedFiles(files, gate, random, faults, links));
        try {
          for (; round < ROUNDS; round++) {
            work(claims, owner, RUNS.get(random.nextInt(RUNS.size())));
          }
        } catch (Turnstile.Killed e) {
          gate.revive();
          round++;
        }
      }
    }

    private void work(DirectoryClaims claims, Owner owner, RunKey key) {
      try {
        ClaimState state = claims.look(key);
        if (!free(state)) {
          claims.conclude(key);
          return;
        }
        Optional<Claim> claim = claims.claim(key, Workers.SHA, state);
        if (claim.isEmpty()) {
          tally.lostClaims++;
          return;
        }
        LogRecord standing = model.log(layout.lock(key)).get(claim.get().epoch() - 1);
        assertThat(standing.owner()).as("seed %d: whose claim", seed).isEqualTo(owner);
        train(claims, key, claim.get());
      } catch (UncheckedIOException e) {
        // The disk refused; the run is left as it is.
      }
    }

    private boolean free(ClaimState state) {
      if (state instanceof ClaimState.Logged logged) {
        RecordType type = logged.end().type();
        boolean over = type == RecordType.FINISH || type == RecordType.POISON;
        return !over && (logged.owner() == null || logged.owner().dead());
      }
      return state instanceof ClaimState.Unclaimed || state instanceof ClaimState.Empty;
    }

    private void train(DirectoryClaims claims, RunKey key, Claim claim) {
      int publishes = random.nextInt(3);
      for (int i = 0; i < publishes; i++) {
        if (!publish(key, claim)) {
          tally.refused++;
          return;
        }
        ((HeldClaim) claim).beat();
      }
      boolean last =
          switch (random.nextInt(6)) {
            case 0 -> claim.release(ReleaseReason.PREEMPTED, "");
            case 1 -> claim.fail(new Failure(FailureClass.OOM, "", "h"));
            case 2, 3 -> finish(claims, key, claim);
            default -> {
              claim.close();
              yield true;
            }
          };
      tally.refused += last ? 0 : 1;
    }

    private boolean publish(RunKey key, Claim claim) {
      PublishedCheckpoint checkpoint = Workers.checkpoint(++names, claim.epoch());
      for (int tries = 0; ; tries++) {
        try {
          boolean won = claim.publish(checkpoint);
          answers.add(new Answer(key, checkpoint, won));
          return won;
        } catch (UncheckedIOException e) {
          if (tries == 3) {
            throw e;
          }
        }
      }
    }

    private boolean finish(DirectoryClaims claims, RunKey key, Claim claim) {
      boolean won = claim.finish(Workers.finish(names));
      claims.conclude(key);
      if (won) {
        tally.finished++;
        assertThat(model.finished(layout.lock(key))).as("seed %d: finish", seed).isTrue();
        LogRecord end = model.log(layout.lock(key)).get(model.log(layout.lock(key)).size() - 1);
        assertThat(end.epoch()).as("seed %d: whose finish", seed).isEqualTo(claim.epoch());
      }
      return won;
    }

    private void verify(Answer answer) {
      boolean accepted = model.published(layout.lock(answer.key), answer.checkpoint);
      if (answer.won) {
        assertThat(accepted).as("seed %d: %s", seed, answer).isTrue();
      } else if (!model.finished(layout.lock(answer.key))) {
        assertThat(accepted).as("seed %d: %s", seed, answer).isFalse();
      }
    }

    private void verifyEnd(RunKey key) {
      DirectoryClaims claims = claims(owner("judge"), files);
      List<LogRecord> log = model.log(layout.lock(key));
      claims.conclude(key);
      ClaimState state = claims.look(key);
      if (log.isEmpty()) {
        assertThat(state).as("seed %d", seed).isNotInstanceOf(ClaimState.Logged.class);
        return;
      }
      LogRecord end = log.get(log.size() - 1);
      assertThat(Workers.logged(state).end()).as("seed %d", seed).isEqualTo(end.end());
      boolean finished = end.type() == RecordType.FINISH;
      assertThat(claims.list("p").ended().contains(key.runId()))
          .as("seed %d: hint", seed)
          .isEqualTo(finished);
      List<LogEnd> history = log.stream().map(LogRecord::end).toList();
      assertThat(claims.history(key))
          .as("seed %d", seed)
          .isEqualTo(finished ? List.of(end.end()) : history);
    }

    private DirectoryClaims claims(Owner owner, dev.sweeprunner.files.FileSystem view) {
      ClaimPorts around = new ClaimPorts(clock, time -> {}, this::guess, Trace.OFF, List::of);
      return new DirectoryClaims(
          new ClaimSite(layout, view, owner, ClaimSettings.DEFAULT, around), claim -> {});
    }

    /** Any judgement at any time: safety must not rest on it. */
    private Processes.Verdict guess(Owner owner) {
      return random.nextInt(3) == 0 ? Processes.Verdict.GONE : Processes.Verdict.UNKNOWN;
    }

    private Owner owner(String name) {
      return new Owner(
          name + "-" + names++, name, "c", "h", "m", "b", 1, "2", "3", "u", "cpu", null);
    }
  }
}
