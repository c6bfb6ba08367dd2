package dev.sweeprunner.app;

import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.ScaleCommand;
import dev.sweeprunner.cli.ScaleCommand.Print;
import dev.sweeprunner.cli.ScalerText;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.ScalerSeat;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.StorageRoot;
import dev.sweeprunner.journal.ScaleMemoryFile;
import dev.sweeprunner.journal.TaskLogs;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.options.ScaleOptions;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scaler;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.scale.Census;
import dev.sweeprunner.run.scale.Demand;
import dev.sweeprunner.run.scale.Memory;
import dev.sweeprunner.run.scale.MemoryStore;
import dev.sweeprunner.run.scale.Rules;
import dev.sweeprunner.run.scale.ScaleRound;
import dev.sweeprunner.run.scale.Seat;
import dev.sweeprunner.run.scale.Words;
import dev.sweeprunner.slurm.Slurm;
import dev.sweeprunner.slurm.SlurmEnvironment;
import dev.sweeprunner.slurm.TaskPlacement;
import dev.sweeprunner.sweep.Followed;
import dev.sweeprunner.wandb.Wandb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code scale}: plain Java; no Spring. Writes below {@code out/.scale} only, and if it submits.
 */
final class ScaleMode {
  private static final Duration LATELY = Duration.ofDays(1);

  private final Invocation invocation;
  private final ObjectGraph graph;
  private final Signals signals;
  private final Console console;
  private final Wandb wandb;
  private final Slurm slurm;
  private final ScalerSeat seat;
  private final Kept memory;

  /** For the sweeps of this invocation. */
  ScaleMode(Invocation invocation, ObjectGraph graph, Signals signals, Console console) {
    this.invocation = invocation;
    this.graph = graph;
    this.signals = signals;
    this.console = console;
    this.wandb = graph.wandb(invocation, signals, console);
    this.slurm = graph.slurm(Runnable::run, graph.settings().slurm().timeout());
    this.seat = seat(graph, submits() ? ownTask() : null, slurm.scheduler());
    this.memory = Kept.in(graph, console);
  }

  private boolean submits() {
    return invocation.has(Option.SUBMIT) || invocation.has(Option.ONCE);
  }

  private @Nullable SlurmTask ownTask() {
    return SlurmEnvironment.task(graph.environment().variables()).isEmpty()
        ? null
        : graph.ownTask(signals, console::warn).task();
  }

  private static ScalerSeat seat(ObjectGraph graph, @Nullable SlurmTask task, Scheduler scheduler) {
    return new ScalerSeat(
        graph.files(),
        graph.layout().scale(),
        graph.owner("scale", "", task),
        new ScalerSeat.Around(graph.processes(), scheduler, graph.clock()),
        graph.settings().claim().expiry());
  }

  /**
   * Scales the sweeps that these files hold.
   *
   * @param files as they were named
   * @param read what they held
   */
  ExitCode run(List<Path> files, Sweeps read) {
    ScaleOptions scale = graph.settings().scale();
    TaskQueue queue = queue(scale);
    Work work = new Work(files, read);
    ScaleRound round =
        new ScaleRound(
            queue,
            work::count,
            new WorkersSay(graph.workerReport()),
            memory,
            new Turn(),
            graph.clock(),
            new Rules(scale.perLook(), scale.unclaimedPerHour()));
    ScaleCommand.Site site =
        new ScaleCommand.Site(
            work.ports.root(),
            queue,
            scale.from(),
            graph.layout().scaleLogs(),
            graph.clock(),
            ZoneId.systemDefault());
    ScaleCommand command = new ScaleCommand(round, new Turn(), site, console.screen());
    return invocation.watch().isEmpty()
        ? command.once(submits(), print())
        : command.watch(invocation.watch().get(), submits(), this::rest, signals);
  }

  private Print print() {
    if (invocation.format() == OutputFormat.JSON) {
      return Print.JSON;
    }
    return invocation.has(Option.ONCE) ? Print.NEWS : Print.ALL;
  }

  private TaskQueue queue(ScaleOptions scale) {
    Map<String, String> variables = graph.environment().variables();
    TaskPlacement placement =
        new TaskPlacement(
            graph.environment().workingDirectory(),
            graph.environment().property("sweep-runner.launcher", ""),
            variables.containsKey("SWEEP_RUNNER"),
            memory.logs().pattern());
    return slurm.submitted(
        "sr-" + StorageRoot.hash(graph.settings().storageRoot()),
        scale.profiles().stream().map(placement::placed).toList(),
        arguments(),
        variables);
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    invocation.sweeps().forEach(sweep -> arguments.addAll(List.of("--sweep", sweep.toString())));
    invocation
        .text(Option.SWEEPS_FROM)
        .ifPresent(list -> arguments.addAll(List.of(Option.SWEEPS_FROM.dashed(), list)));
    arguments.addAll(invocation.forWorkers());
    return arguments;
  }

  /** Waits; whoever has the seat says meanwhile that it is there. */
  private void rest(Duration time) {
    Duration beat = graph.settings().claim().beat();
    Duration left = time;
    while (left.compareTo(Duration.ZERO) > 0 && !signals.requested()) {
      signals.pause(left.compareTo(beat) < 0 ? left : beat);
      seat.beat();
      left = left.minus(beat);
    }
  }

  /**
   * Who scales this storage root, as {@code status} tells it; empty where nobody did lately. Asks
   * nothing of Slurm.
   */
  static Optional<String> standing(ObjectGraph graph, Console console) {
    try {
      return seat(graph, null, Scheduler.none())
          .holder()
          .filter(scaler -> !scaler.left() || scaler.silent().compareTo(LATELY) < 0)
          .map(ScalerText::new)
          .map(
              scaler ->
                  scaler.standing(
                      Kept.in(graph, console).load().paused(graph.clock().now()),
                      ZoneId.systemDefault()));
    } catch (IOException | UserError unknown) {
      return Optional.empty(); // status is about the runs
    }
  }

  /** Whose turn it is, by the seat in {@code out/.scale}. */
  private final class Turn implements ScaleCommand.Turn, Seat {
    @Override
    public boolean held() {
      return seat.held() && !signals.requested();
    }

    @Override
    public Optional<Scaler> take() {
      try {
        Optional<Scaler> other = signals.retrying(seat::take);
        if (other.isEmpty()) {
          graph.files().makeFolders(graph.layout().scaleLogs());
          memory.prune();
        }
        return other;
      } catch (IOException e) {
        throw new UserError(
            graph.layout().scale().toString(),
            "whether another scale submits here cannot be seen: " + Why.at(e),
            "Make the storage root writable",
            e);
      }
    }

    @Override
    public Optional<Scaler> other() {
      try {
        return seat.holder().filter(scaler -> !scaler.left());
      } catch (IOException unknown) {
        return Optional.empty(); // who only looks keeps nobody from anything
      }
    }

    @Override
    public void leave() {
      seat.leave();
    }
  }

  /** The work that there is, in the sweeps as their files say at each look. */
  private final class Work {
    private final Followed<Sweeps.Loaded> followed;
    private Sweeps sweeps;
    private LookPorts ports;
    private List<Points> points;
    private Set<String> complaints = Set.of();

    Work(List<Path> files, Sweeps read) {
      this.followed =
          read.followed(
              files,
              () -> Sweeps.files(invocation, graph.environment()),
              more ->
                  Sweeps.load(more, graph.environment().workingDirectory(), graph, console::note),
              signals);
      Registry registry = wandb.reading(Console.points(read));
      console.refreshed(invocation, registry, read);
      this.sweeps = read;
      this.ports = graph.ports(read.training(), registry, slurm.scheduler());
      this.points = Console.points(read.awarded(ports.claims(), graph.journalToRead()));
    }

    Demand count() {
      renew();
      Census census = new Census();
      for (Points sweep : points) {
        census.add(
            sweep.projectSlug() + "/" + sweep.groupSlug(), sweep, ports.observer()::pointStatus);
        seat.beat();
      }
      return census.demand();
    }

    private void renew() {
      Sweeps now = new Sweeps(followed.newest());
      Set<String> wrong = new HashSet<>(followed.complaints());
      wrong.stream()
          .filter(complaint -> !complaints.contains(complaint))
          .forEach(complaint -> console.warnAgain(complaint + " Until then it is as it was."));
      complaints = wrong;
      if (!now.equals(sweeps)) {
        sweeps = now;
        ports = graph.ports(now.training(), wandb.reading(Console.points(now)), slurm.scheduler());
        points = Console.points(now.awarded(ports.claims(), graph.journalToRead()));
      }
    }
  }

  /**
   * The words of the worker files. Of a task with several workers all count together, and it has
   * left once the last of them has.
   */
  record WorkersSay(WorkerReport workers) implements Words {
    @Override
    public Map<String, Word> all() {
      Map<String, Word> words = new HashMap<>();
      for (WorkerReport.Status status : workers.all()) {
        SlurmTask task = status.owner().slurm();
        if (task != null) {
          Word word = new Word(status.claims(), status.activity(), status.message());
          words.merge(task.display(), word, WorkersSay::both);
        }
      }
      return words;
    }

    private static Word both(Word one, Word other) {
      Word telling = one.activity().equals("stopped") ? other : one;
      return new Word(one.claims() + other.claims(), telling.activity(), telling.message());
    }
  }

  /** The memory in {@code out/.scale}, and with it which output files are worth keeping. */
  private record Kept(ScaleMemoryFile file, TaskLogs logs) implements MemoryStore {
    private static final String UNCLAIMED = "unclaimed";

    static Kept in(ObjectGraph graph, Console console) {
      return new Kept(
          new ScaleMemoryFile(graph.files(), graph.layout().scaleMemory(), console::warn),
          new TaskLogs(graph.files(), graph.layout().scaleLogs(), graph.clock()));
    }

    @Override
    public Memory load() {
      Optional<Fields> in = file.read();
      try {
        Memory memory = in.isEmpty() ? new Memory() : Memory.of(in.get());
        logs.remember(in.map(fields -> fields.texts(UNCLAIMED)).orElse(List.of()));
        return memory;
      } catch (UnreadableJson damaged) {
        file.damaged(String.valueOf(damaged.getMessage()));
        return new Memory();
      }
    }

    @Override
    public void save(Memory memory) {
      logs.note(memory.claims());
      Map<String, Object> members = new LinkedHashMap<>(memory.members());
      members.put(UNCLAIMED, logs.unclaimed());
      file.write(members);
    }

    void prune() {
      logs.note(load().claims());
      logs.prune();
    }
  }
}
