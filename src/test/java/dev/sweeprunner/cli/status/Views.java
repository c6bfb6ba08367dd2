package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.LookedAt;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Scheduler.Job;
import dev.sweeprunner.run.Scheduler.View;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.Survey;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.IdleTraining;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldClaims;
import dev.sweeprunner.testkit.ToldJournal;
import dev.sweeprunner.testkit.ToldScheduler;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the tests of the views and commands share. */
public final class Views {
  static final Duration EXPIRY = Duration.ofMinutes(10);
  static final LookedAt ROOT = new LookedAt(Path.of("/st"), true, () -> LookedAt.There.RUNS);

  public final ToldClaims claims = new ToldClaims();
  public final ToldJournal journal = new ToldJournal();
  final ToldWorkers workers = new ToldWorkers();
  public final ToldScheduler scheduler = new ToldScheduler();
  public final SettableClock clock = new SettableClock();
  public final Captured printed = new Captured();

  /** Four points of two keys, and a third key with one value; 400 iterations. */
  public static Points grid(Path folder) {
    return grid(folder, 400, "[8, 16]");
  }

  /** As above, of so many iterations and with these values of the first key. */
  public static Points grid(Path folder, long maxIters, String widths) {
    return Grids.of(
        folder,
        """
        [data]
        source = "uniform"
        [model]
        vocab_size = 4
        block_size = 8
        n_layer = 1
        n_head = 2
        n_embd = 8
        weight_tying = false
        [training]
        max_iters = %d
        batch_size = 4
        gradient_accumulation_steps = 2
        eval_interval = 100
        eval_iters = 1
        log_interval = 1
        [experiment]
        n_compartments = 2
        max_compartments = 2
        """
            .formatted(maxIters),
        """
        method: grid
        name: Small grid
        project: test
        command: [--job.config-file, base.toml]
        parameters:
          model.n_embd: {values: %s}
          experiment.translation_ratio: {values: [0.25, 1.0]}
          training.seed: {values: [64]}
        """
            .formatted(widths));
  }

  /** Where all of it lies. */
  public LookedAt root = ROOT;

  /** What W&amp;B says of every run. */
  public Registry registry = Registry.disabled();

  Observer observer(Training training) {
    return new Observer(
        claims, registry, scheduler, training, clock, new Judge(Situations.POLICY), true);
  }

  public LookPorts ports() {
    Observer observer = observer(new IdleTraining(new Training.Size(3_000, 1_000), null));
    return new LookPorts(
        claims,
        observer,
        new Survey(observer, journal),
        workers,
        clock,
        EXPIRY,
        HomeCluster.everywhere(),
        root);
  }

  public Screen screen(int columns) {
    return new Screen(printed.out(), false, false, columns);
  }

  public Screen live(int columns) {
    return new Screen(printed.out(), true, false, columns);
  }

  static SweepStatus status(Points points, List<PointStatus> statuses, WorkerReport workers) {
    return new SweepStatus(points, statuses, workers.all(), EXPIRY, ROOT);
  }

  /**
   * Six points, taken by the tasks 123_0 to 123_5: what Slurm says of each differs. Slurm is not
   * asked about the last, which is finished.
   */
  Points inSlurm(Path folder) {
    Points points = grid(folder, 400, "[8, 16, 24]");
    Duration left = Duration.ofMinutes(192);
    Duration hushed = Duration.ofSeconds(50);
    taken(points, 0, Situations.training(points.at(0), 100));
    scheduler.tell("123_0", new View.Present(new Job("123_0", "RUNNING", "", 2, left)));
    taken(points, 1, Situations.silent(points.at(1), 90, hushed));
    scheduler.tell("123_1", new View.Returning(new Job("123_1", "PENDING", "BeginTime", 1, null)));
    taken(points, 2, Situations.silent(points.at(2), 80, hushed));
    Job failed = new Job("123_2", "FAILED", "NonZeroExitCode", 0, null);
    scheduler.tell("123_2", new View.Gone("123_2", "is FAILED", failed));
    taken(points, 3, Situations.silent(points.at(3), 70, hushed));
    scheduler.tell("123_3", new View.Unknown("squeue gave no answer within 1.0 s"));
    taken(points, 4, Situations.silent(points.at(4), 60, hushed));
    scheduler.tell("123_4", new View.Gone("123_4", "is not known to Slurm any more"));
    taken(points, 5, Situations.finished(points.at(5)));
    scheduler.tell("123_5", new View.Present(new Job("123_5", "RUNNING", "", 0, left)));
    return points;
  }

  private void taken(Points points, int index, ClaimState claim) {
    Owner owner = Situations.task("w" + index, index);
    claims.tell(points.key(index), Situations.by(owner, claim));
  }

  /** What a command would show of this sweep now. */
  SweepStatus look(Points points) {
    return status(points, ports().survey().of(points), workers);
  }

  /** The two middle points train at 1000 tokens per second, the last is finished. */
  static SweepStatus midway(Points points) {
    ToldWorkers workers = new ToldWorkers();
    Point first = points.at(0);
    Point second = points.at(1);
    Point third = points.at(2);
    Point last = points.at(3);
    workers.report(ToldWorkers.status(Situations.owner("w1"), second.runId(), 640));
    return status(
        points,
        List.of(
            Situations.pointStatus(first, new ClaimState.Unclaimed()),
            Situations.pointStatus(
                second,
                Situations.training(second, 100),
                new Row(
                    100,
                    Situations.row(100, "train/loss", 1.25, "lr", 0.006).values(),
                    Map.of("mfu", 41.5, "device_memory_gib", 9.5))),
            Situations.pointStatus(third, Situations.stale(third, 80)),
            Situations.pointStatus(
                last,
                Situations.finished(last),
                Situations.row(
                    400,
                    "eval/train_loss",
                    0.5,
                    "val/loss",
                    0.625,
                    "val/translation_loss",
                    0.003))),
        workers);
  }
}
