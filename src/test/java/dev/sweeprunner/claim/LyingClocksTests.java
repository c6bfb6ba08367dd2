package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static dev.sweeprunner.claim.Workers.checkpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Verdict;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.IdleTraining;
import dev.sweeprunner.testkit.Situations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same verdicts whatever the wall clocks say: a random life of two workers at one run, with
 * kills, failures, long gaps and poison, is played with true clocks and again with clocks that are
 * up to ten years wrong and jump at each look.
 */
class LyingClocksTests {
  private static final int STEPS = 400;

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void verdicts_claims_and_counts_are_those_of_true_clocks(long seed) throws IOException {
    List<String> calm = new Story(root.resolve("calm"), seed, false).play();
    List<String> lied = new Story(root.resolve("lied"), seed, true).play();

    assertThat(lied).as("seed %d", seed).isEqualTo(calm);
    assertThat(calm).anyMatch(line -> line.contains("claimed")).anyMatch(l -> l.contains("STALE"));
  }

  /** One life, told line by line. */
  private static final class Story {
    private final Random random;
    private final Workers workers;
    private final Point point;
    private final List<String> told = new ArrayList<>();
    private final DirectoryClaims[] claims = new DirectoryClaims[2];
    private final Observer[] observers = new Observer[2];
    private final @Nullable Claim[] held = new Claim[2];
    private final boolean[] frozen = new boolean[2];

    Story(Path root, long seed, boolean lies) throws IOException {
      random = new Random(seed);
      Files.createDirectories(root);
      workers = new Workers(root);
      if (lies) {
        workers.clock.lie(new Random(-seed));
      }
      Point tiny = Grids.tiny(root, 1, 400).at(0);
      point = new Point(0, tiny.overrides(), tiny.config(), RUN, null);
      begin(0);
      begin(1);
    }

    private void begin(int who) {
      claims[who] = workers.start("w" + who);
      Training training = new IdleTraining(new Training.Size(1, 1), null);
      observers[who] =
          new Observer(
              claims[who],
              Registry.disabled(),
              Scheduler.none(),
              training,
              workers.clock,
              new Judge(Situations.POLICY),
              false);
      held[who] = null;
      frozen[who] = false;
    }

    List<String> play() {
      for (int step = 0; step < STEPS; step++) {
        boolean longGap = random.nextInt(25) == 0;
        workers.clock.pass(longGap ? Duration.ofMinutes(40) : SETTINGS.beat());
        for (int who = 0; who < 2; who++) {
          act(who);
        }
      }
      return told;
    }

    private void act(int who) {
      int draw = random.nextInt(100);
      Claim mine = held[who];
      if (draw < 4) {
        begin(who); // killed, and another process of this name
      } else if (draw < 7) {
        frozen[who] = !frozen[who];
      } else if (frozen[who]) {
        return;
      } else if (mine == null) {
        contend(who);
      } else {
        work(who, mine, draw);
      }
    }

    private void contend(int who) {
      Facts facts = observers[who].facts(point);
      Verdict verdict = observers[who].verdict(facts);
      told.add(who + " " + verdict.state() + " " + verdict.getClass().getSimpleName());
      if (verdict instanceof Verdict.Claimable) {
        ClaimState basis = facts.claim();
        held[who] = claims[who].claim(RUN, point.config().sha256(), basis).orElse(null);
        Claim now = held[who];
        told.add(who + " claimed " + (now == null ? "-" : now.epoch() + " " + now.summary()));
      }
    }

    private void work(int who, Claim mine, int draw) {
      mine.progress(draw, "train");
      Workers.beat(mine);
      boolean over = mine.superseded();
      if (!over && draw < 20) {
        told.add(who + " published " + mine.publish(checkpoint(told.size(), mine.epoch())));
      } else if (!over && draw < 23) {
        over = true;
        told.add(who + " failed " + mine.fail(new Failure(FailureClass.INFRA, "x", "host" + who)));
      } else if (!over && draw < 27) {
        over = true;
        told.add(who + " released " + mine.release(ReleaseReason.PREEMPTED, "TERM"));
      }
      if (over) {
        told.add(who + " leaves");
        mine.close();
        held[who] = null;
      }
    }
  }
}
