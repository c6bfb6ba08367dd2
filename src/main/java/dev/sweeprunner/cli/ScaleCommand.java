package dev.sweeprunner.cli;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.scale.Demand;
import dev.sweeprunner.run.scale.ScalePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code scale}: as many Slurm tasks as there is work to claim, never more; pending ones that
 * nobody needs are cancelled. Prints what it would do, or does it. Belongs to one thread.
 */
public final class ScaleCommand {
  private final List<Points> sweeps;
  private final LookPorts ports;
  private final TaskQueue queue;
  private final Screen screen;
  private final boolean submit;

  /**
   * A command for these sweeps together.
   *
   * @param submit whether it does what it prints
   */
  public ScaleCommand(
      List<Points> sweeps, LookPorts ports, TaskQueue queue, Screen screen, boolean submit) {
    this.sweeps = List.copyOf(sweeps);
    this.ports = ports;
    this.queue = queue;
    this.screen = screen;
    this.submit = submit;
  }

  /**
   * Looks and acts once.
   *
   * @return {@link ExitCode#INCOMPLETE} if Slurm refused something
   * @throws UserError if the tasks that are there already are not known; nothing was changed
   */
  public ExitCode once() {
    Look look = look();
    print(lines(look));
    boolean done = !submit || act(look.plan(), () -> false);
    if (!submit && !look.plan().isEmpty()) {
      print(List.of("Nothing was changed; --submit does it."));
    }
    return done ? ExitCode.DONE : ExitCode.INCOMPLETE;
  }

  /**
   * Looks and acts again and again, until every run has ended and no pending task is left. A stop
   * ends it at once; what was submitted stays. While the tasks are not known, it waits.
   *
   * @return that of the sweep, or {@link ExitCode#STOPPED}
   */
  public ExitCode watch(Duration every, Pause pause, StopSignal stop) {
    List<String> printed = List.of();
    while (!stop.requested()) {
      List<String> lines;
      try {
        Look look = look();
        lines = lines(look);
        print(lines.equals(printed) ? List.of() : lines);
        boolean done = !submit || act(look.plan(), stop::requested);
        if (look.demand().allEnded() && done && !stop.requested()) {
          return look.demand().finished() ? ExitCode.DONE : ExitCode.INCOMPLETE;
        }
      } catch (UserError unknown) {
        lines = List.of("Waiting: " + unknown.what() + ".");
        print(lines.equals(printed) ? List.of() : lines);
      }
      printed = lines;
      pause.pause(every);
    }
    return ExitCode.STOPPED;
  }

  /** Tasks first: {@link ScalePlan#of} says why. */
  private Look look() {
    List<BatchTask> tasks = queue.tasks();
    Demand demand = Demand.of(this::statuses);
    return new Look(demand, ScalePlan.of(queue.profiles(), demand, tasks));
  }

  /** One at a time, each run once: a large grid's statuses do not fit into memory together. */
  private Iterator<PointStatus> statuses() {
    Set<String> seen = new HashSet<>();
    return sweeps.stream().flatMap(points -> statuses(points, seen)).iterator();
  }

  private Stream<PointStatus> statuses(Points points, Set<String> seen) {
    return IntStream.range(0, points.size())
        .filter(index -> !points.isDuplicate(index))
        .filter(index -> seen.add(points.projectSlug() + "/" + points.runId(index)))
        .mapToObj(index -> ports.observer().pointStatus(points.at(index)));
  }

  private List<String> lines(Look look) {
    Demand demand = look.demand();
    ScalePlan plan = look.plan();
    List<String> lines = new ArrayList<>();
    lines.add(
        HumanFormat.plural(demand.runs(), "run")
            + (": " + demand.claimable() + " to claim, " + demand.taken() + " taken, ")
            + (demand.later() == 0 ? "" : demand.later() + " later, ")
            + (demand.ended() + " ended"));
    lines.add(
        ("Tasks " + queue.name() + "-*: " + plan.pending() + " pending, ")
            + (plan.starting() + " without a run yet, " + plan.working() + " working"));
    String verb = submit ? "Submitting " : "Would submit ";
    for (ScalePlan.Submission part : plan.submissions()) {
      TaskProfile profile = part.profile();
      lines.add(
          (verb + HumanFormat.plural(part.count(), "task") + " as " + profile.name())
              + (" (limit " + profile.limit() + "):"));
      lines.add("  " + pasted(queue.submission(profile, part.count())));
    }
    if (!plan.surplus().isEmpty()) {
      lines.add(
          (submit ? "Cancelling " : "Would cancel ")
              + HumanFormat.plural(plan.surplus().size(), "pending task")
              + ":");
      lines.add("  " + pasted(queue.cancellation(plan.surplus())));
    }
    if (plan.without() > 0) {
      lines.add(
          "No room for "
              + HumanFormat.plural(plan.without(), "more run")
              + ": all limits are reached.");
    }
    if (demand.allEnded()) {
      lines.add("Every run has ended.");
    } else if (plan.isEmpty() && plan.without() == 0) {
      lines.add("Nothing to do: there are as many tasks as there is work.");
    }
    return lines;
  }

  private String pasted(List<String> words) {
    return ShellLine.of(queue.leftOut(), words);
  }

  /** Carries a plan out; says whether everything was taken. */
  private boolean act(ScalePlan plan, BooleanSupplier stopped) {
    boolean all = true;
    for (ScalePlan.Submission part : plan.submissions()) {
      if (stopped.getAsBoolean()) {
        return false;
      }
      int last = part.count() - 1;
      TaskQueue.Done done = queue.call(queue.submission(part.profile(), part.count()));
      String which = done.said() + "_0" + (last == 0 ? "" : " to " + done.said() + "_" + last);
      print(List.of(done.done() ? "Submitted " + which : "Failed: " + done.said()));
      all &= done.done();
    }
    List<BatchTask> unneeded = plan.surplus().isEmpty() ? List.of() : stillPending(plan.surplus());
    if (!unneeded.isEmpty() && !stopped.getAsBoolean()) {
      TaskQueue.Done done = queue.call(queue.cancellation(unneeded));
      print(List.of(done.done() ? "Cancelled" : "Failed: " + done.said()));
      all &= done.done();
    }
    return all;
  }

  /** Whoever has started while the runs were looked at is left alone: it may hold one by now. */
  private List<BatchTask> stillPending(List<BatchTask> surplus) {
    List<BatchTask> now = queue.tasks();
    return surplus.stream().filter(now::contains).toList();
  }

  private void print(List<String> lines) {
    lines.forEach(screen.out()::println);
    screen.out().flush();
  }

  /** What was found, and what follows. */
  private record Look(Demand demand, ScalePlan plan) {}
}
