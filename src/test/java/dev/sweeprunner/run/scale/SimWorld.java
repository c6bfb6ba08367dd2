package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.BatchTask.Phase;
import dev.sweeprunner.run.scale.SimRules.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A cluster, a sweep, who scales it, and what goes wrong. */
@NullMarked
final class SimWorld {
  private static final List<Set<String>> SWEEPS =
      List.of(Set.of("a"), Set.of("a"), Set.of("b"), Set.of("a", "b"));

  /** How long a seat is kept for somebody who gives no sign of life. */
  private static final long LEASE = 120;

  final SimRules rules;
  final SplittableRandom random;
  final SimTime time;
  final SimWork work;
  final SimLaws laws;
  final SimSlurm slurm;
  @Nullable Fields memory;
  private final List<SimScaler> scalers = new ArrayList<>();
  private @Nullable SimScaler seated;
  private long seen;
  private boolean over;

  SimWorld(
      SimRules rules,
      SplittableRandom random,
      BiFunction<String, SimWorld, SimScaler> scaler,
      boolean tracing) {
    this.rules = rules;
    this.random = random;
    this.time = new SimTime(tracing);
    this.work = new SimWork(time);
    this.laws = new SimLaws(rules.bounds());
    this.slurm = new SimSlurm(time, rules, work, laws, random);
    for (int i = 0; i < rules.runs(); i++) {
      Set<String> sweeps = SWEEPS.get(random.nextInt(SWEEPS.size()));
      work.add(
          new SimRun(
              "run" + i,
              sweeps,
              !rules.days() ? 30 + random.nextLong(1500) : 150_000 + 50_000 * random.nextLong(3)));
    }
    work.active.add("a");
    for (int i = 0; i < rules.scalers(); i++) {
      SimScaler one = scaler.apply("scaler" + i, this);
      scalers.add(one);
      time.in(random.nextLong(rules.every()), one::look);
    }
    time.in(random.nextLong(rules.mean()), this::mishap);
    time.in(rules.faultsEnd(), this::heal);
  }

  /** Lets it go on until the scaler says that all is over. */
  void run() {
    long deadline = rules.faultsEnd() + bound();
    boolean serves = deadline < Long.MAX_VALUE / 2;
    long end = serves ? deadline : 2 * rules.faultsEnd() + 100 * SimRules.HOUR;
    while (!over && time.seconds() < end) {
      time.advance(time.seconds() + rules.every());
    }
    if (!over && serves) {
      laws.late(work.demand().claimable() + " to claim at the deadline");
    }
    laws.over(over ? slurm.tasks.values().stream().filter(SimTask::pending).count() : 0);
  }

  /** What the healthy profiles need for all of it, and twice the longest pause, and their waits. */
  private long bound() {
    double all = work.runs.stream().mapToLong(run -> run.goal).sum();
    double best = Double.POSITIVE_INFINITY;
    for (Site site : rules.sites()) {
      if (site.dead().isEmpty()) {
        int tasks = Math.min(site.capacity(), site.profile().limit());
        double time = 2 * all / site.speed() / tasks + 12.0 * (site.queue() + site.start());
        best = Math.min(best, time);
      }
    }
    return best < Double.POSITIVE_INFINITY ? (long) best + 6 * SimRules.HOUR : Long.MAX_VALUE / 2;
  }

  boolean over() {
    return over;
  }

  void end() {
    over = true;
    time.say("over");
  }

  /** Sweeps that come later are work too. */
  boolean nothingToCome() {
    return time.seconds() >= rules.faultsEnd();
  }

  Site site(String name) {
    return rules.sites().stream()
        .filter(site -> site.profile().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  boolean happens(int thousandths) {
    return slurm.faults && thousandths > 0 && random.nextInt(1000) < thousandths;
  }

  /** The seat: whoever has it keeps it as long as it is awake. */
  boolean takes(SimScaler scaler) {
    SimScaler there = seated;
    if (there != null && there.awake()) {
      seen = time.seconds();
    }
    if (there == null || there == scaler || time.seconds() - seen > LEASE) {
      if (there != null && there != scaler) {
        there.displaced();
      }
      seated = scaler;
      seen = time.seconds();
      return true;
    }
    return false;
  }

  boolean holds(SimScaler scaler) {
    return seated == scaler;
  }

  void leaves(SimScaler scaler) {
    if (seated == scaler && scaler.awake()) {
      seated = null;
    }
  }

  /** A look has seen what a person did. */
  void mourn(List<BatchTask> listed, SimLaws.Look look) {
    for (BatchTask task : listed) {
      if (task.state().equals("CANCELLED") && slurm.told.add(task.id())) {
        look.mourned.add(task.id());
        laws.cancelled(task.profile(), time.seconds());
      }
    }
  }

  /** What it saw it took with it. */
  void mournAgain(SimLaws.Look look) {
    slurm.told.removeAll(look.mourned);
    look.mourned.forEach(task -> laws.revived());
  }

  private void heal() {
    time.say("all is well again");
    slurm.heal();
    work.active.addAll(Set.of("a", "b"));
  }

  private void mishap() {
    if (time.seconds() < rules.faultsEnd()) {
      Site site = rules.sites().get(random.nextInt(rules.sites().size()));
      String name = site.profile().name();
      switch (random.nextInt(13)) {
        case 0, 1 -> toggle("broken", slurm.broken, site);
        case 2 -> toggle("closed", slurm.closed, site);
        case 3 -> withTask(name, task -> slurm.end(task, "CANCELLED", "0:15"), "cancelled");
        case 4 -> withTask(name, task -> task.held = !task.held, "held, or released");
        case 5 -> withRunning(name, slurm::requeue, "requeued");
        case 6 -> withRunning(name, task -> slurm.end(task, "PREEMPTED", "0:15"), "preempted");
        case 7 -> withRunning(name, this::suspend, "suspended");
        case 8 -> silence();
        case 9 -> slurm.strict = !slurm.strict;
        case 10 -> lose();
        case 11 -> sweep();
        default -> jump();
      }
      time.in(random.nextLong(2 * rules.mean()), this::mishap);
    }
  }

  private void toggle(String what, Set<String> sites, Site site) {
    String name = site.profile().name();
    if (!sites.remove(name)) {
      sites.add(name);
      time.say("%s is %s", name, what);
    }
    if (site.dead().equals(what.equals("broken") ? "fails" : "blocked")) {
      sites.add(name);
    }
    slurm.kick(site);
  }

  private void withTask(String name, java.util.function.Consumer<SimTask> act, String what) {
    List<SimTask> there =
        slurm.tasks.values().stream()
            .filter(task -> !task.over() && task.site.profile().name().equals(name))
            .toList();
    if (!there.isEmpty()) {
      SimTask task = there.get(random.nextInt(there.size()));
      time.say("somebody: %s %s", task.id(), what);
      act.accept(task);
      slurm.kick(task.site);
    }
  }

  private void withRunning(String name, java.util.function.Consumer<SimTask> act, String what) {
    withTask(
        name,
        task -> {
          if (task.phase == Phase.RUNNING) {
            act.accept(task);
          }
        },
        what);
  }

  private void suspend(SimTask task) {
    if (!task.runs.isEmpty()) {
      slurm.suspend(task);
      time.in(random.nextLong(3600), () -> slurm.resume(task));
    }
  }

  private void silence() {
    if (random.nextBoolean()) {
      slurm.silent = true;
      time.say("squeue is silent");
      time.in(random.nextLong(3 * 3600), () -> slurm.silent = false);
    } else {
      slurm.dumb = true;
      slurm.acts = random.nextBoolean();
      time.say("sbatch gives no answer%s", slurm.acts ? " and acts" : "");
      time.in(random.nextLong(1200), () -> slurm.dumb = false);
    }
  }

  private void lose() {
    if (random.nextInt(3) == 0) {
      time.say("the memory is lost");
      memory = null;
      laws.forgotten();
    }
  }

  private void sweep() {
    if (!work.active.remove("b")) {
      work.active.add("b");
    }
    time.say("sweeps: %s", work.active);
  }

  private void jump() {
    if (random.nextInt(3) == 0) {
      long seconds = random.nextLong(-7200, 7200);
      time.say("the clock jumps by %d s", seconds);
      time.jump(seconds);
      laws.forgotten();
    }
  }
}
