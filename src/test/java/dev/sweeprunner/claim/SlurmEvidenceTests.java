package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Verdict;
import dev.sweeprunner.slurm.Slurm;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.IdleTraining;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.UnreadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker on another host watches a claim whose owner is in a Slurm job, with real claim logs and
 * a squeue that may be broken in every way: no live run is taken, and no dead one waits for longer
 * than the expiry time.
 */
class SlurmEvidenceTests {
  private static final String HEADING =
      String.format(
          "%-24s%-24s%-24s%-24s%-16s%-24s%-24s%-96s%n",
          "ARRAY_JOB_ID",
          "ARRAY_TASK_ID",
          "JOBID",
          "STATE",
          "RESTART_COUNT",
          "TIME_LEFT",
          "TIME",
          "REASON");
  private static final String WATCHER = columns("21", "0", "22", "RUNNING", "0");
  private static final String ALIVE = columns("11", "0", "12", "RUNNING", "0");
  private static final String ENDED = columns("11", "0", "12", "FAILED", "0");
  private static final String CONTROLLER = "a@ctl:6817";
  private static final Duration LATE = SETTINGS.expiry().plus(SETTINGS.poll().multipliedBy(2));

  @TempDir Path root;
  private Workers workers;
  private Path bin;
  private Point point;

  @BeforeEach
  void aCluster() throws IOException {
    workers = new Workers(root);
    bin = Files.createDirectory(root.resolve("bin"));
    Point tiny = Grids.tiny(root, 1, 400).at(0);
    point = new Point(0, tiny.overrides(), tiny.config(), RUN, null);
    workers.slurm = new SlurmTask("12", "11", "0", 0, "n1", CONTROLLER);
    FakeProgram.put(
        bin,
        "scontrol",
        "printf 'ClusterName = a\\nSlurmctldHost[0] = ctl\\nSlurmctldPort = 6817\\n'");
  }

  /** Each a squeue that does not say how the owner's job stands. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit 1",
        "exit 0",
        "kill -9 $$",
        "cat list; exit 1",
        "head -c 300 list",
        "head -n 1 list",
        "head -n 2 list", // the watcher's own job stands in what is left
        "sleep 600",
        "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1"
      })
  void a_broken_squeue_neither_frees_a_live_run_nor_keeps_a_dead_one(String squeue)
      throws IOException {
    listing(HEADING + WATCHER + ALIVE);
    // One job asked for by name is answered in full: a list that is cut cannot hide it.
    FakeProgram.put(
        bin,
        "squeue",
        "cd '" + bin + "'; case \"$*\" in *--user*) " + squeue + ";; *) cat list;; esac");
    Claim claim = owned();
    Watcher watcher = new Watcher(Duration.ofMillis(200));

    for (Duration at = Duration.ZERO; at.compareTo(LATE) < 0; at = at.plus(SETTINGS.poll())) {
      Workers.beat(claim);
      assertThat(watcher.verdict()).as("after %s", at).isInstanceOf(Verdict.Taken.class);
      workers.clock.pass(SETTINGS.poll());
    }

    assertThat(watcher.timeToTake()).isLessThanOrEqualTo(SETTINGS.expiry().plus(SETTINGS.poll()));
  }

  @Test
  void without_slurms_programs_the_expiry_stands() throws IOException {
    Files.delete(bin.resolve("scontrol"));
    owned();

    assertThat(new Watcher().timeToTake())
        .isBetween(SETTINGS.expiry().minus(SETTINGS.poll()), SETTINGS.expiry());
  }

  @Test
  void a_job_that_ended_frees_its_run_at_once() throws IOException {
    listing(HEADING + WATCHER + ENDED);
    FakeProgram.put(bin, "squeue", "cat '" + bin.resolve("list") + "'");
    owned();

    Verdict verdict = new Watcher().verdict();

    assertThat(verdict).isInstanceOf(Verdict.Claimable.class);
    assertThat(verdict.because().fact()).contains("Slurm job 11_0 is FAILED");
  }

  @Test
  void a_job_that_slurm_forgot_frees_its_run_at_once() throws IOException {
    listing(HEADING + WATCHER);
    FakeProgram.put(bin, "squeue", "cat '" + bin.resolve("list") + "'; ");
    owned();
    FakeProgram.put(
        bin,
        "squeue",
        "cd '" + bin + "'; case \"$*\" in *--user*) cat list;; *) head -n 1 list;; esac");

    assertThat(new Watcher().verdict()).isInstanceOf(Verdict.Claimable.class);
  }

  @Test
  void what_the_watcher_takes_by_slurms_word_says_so_in_the_log() throws IOException {
    listing(HEADING + WATCHER + ENDED);
    FakeProgram.put(bin, "squeue", "cat '" + bin.resolve("list") + "'");
    owned();
    Watcher watcher = new Watcher();

    ClaimState basis = watcher.observer.facts(point).claim();
    assertThat(watcher.claims.claim(RUN, point.config().sha256(), basis)).isPresent();

    assertThat(Workers.logged(watcher.claims.look(RUN)).end().detail())
        .isEqualTo("over owner: Slurm job 11_0 is FAILED");
  }

  /** A claim by a worker in job 11_0, whose process nobody here can see. */
  private Claim owned() {
    DirectoryClaims owner = workers.start("owner");
    return owner.claim(RUN, point.config().sha256(), owner.look(RUN)).orElseThrow();
  }

  private void listing(String text) throws IOException {
    Files.writeString(bin.resolve("list"), text);
  }

  private static String columns(
      String array, String index, String raw, String state, String restarts) {
    return String.format(
        "%-24s%-24s%-24s%-24s%-16s%-24s%-24s%-96s%n",
        array, index, raw, state, restarts, "1:00:00", "5:00", "None");
  }

  /** A worker in job 21_0. */
  private final class Watcher {
    private final DirectoryClaims claims = workers.start("watcher");
    private final Observer observer;

    Watcher() {
      this(Duration.ofSeconds(20));
    }

    Watcher(Duration timeout) {
      Slurm slurm =
          new Slurm(
              new Slurm.Options(bin.toString(), "me", "", timeout, Duration.ofSeconds(30)),
              new LocalFiles(),
              new Slurm.Places(root.resolve("shared"), new Layout(root), new UnreadReport()),
              workers.clock,
              Runnable::run,
              new SlurmTask("22", "21", "0", 0, "n2", CONTROLLER));
      Scheduler scheduler = slurm.scheduler();
      this.observer =
          new Observer(
              claims,
              Registry.disabled(),
              scheduler,
              new IdleTraining(new IdleTraining.Size(1, 1), null),
              workers.clock,
              new Judge(Situations.POLICY),
              false);
    }

    Verdict verdict() {
      return observer.verdict(observer.facts(point));
    }

    /** How long it watches before the run is free. */
    Duration timeToTake() {
      Duration waited = Duration.ZERO;
      while (!(verdict() instanceof Verdict.Claimable)) {
        assertThat(waited).isLessThan(LATE);
        workers.clock.pass(SETTINGS.poll());
        waited = waited.plus(SETTINGS.poll());
      }
      return waited;
    }
  }
}
