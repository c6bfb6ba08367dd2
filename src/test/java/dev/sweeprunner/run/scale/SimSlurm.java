package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.BatchTask.Phase;
import dev.sweeprunner.run.scale.SimRules.Site;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;

/** Slurm in a simulation, and what its tasks do. */
@NullMarked
final class SimSlurm {
  final Map<String, SimTask> tasks = new LinkedHashMap<>();
  final Set<String> broken = new HashSet<>();
  final Set<String> closed = new HashSet<>();
  final Set<String> told = new HashSet<>();
  boolean strict;
  boolean silent;

  /** Of sbatch and scancel: whether they give no answer, and whether they act all the same. */
  boolean dumb;

  boolean acts;
  boolean faults = true;
  private final Map<String, Deque<SimTask>> queues = new HashMap<>();
  private final Map<String, Integer> running = new HashMap<>();
  private final Map<String, Words.Word> words = new HashMap<>();
  private final Map<String, Integer> there = new HashMap<>();
  private final SimTime time;
  private final SimRules rules;
  private final SimWork work;
  private final SimLaws laws;
  private final SplittableRandom random;
  private long job = 100;

  SimSlurm(SimTime time, SimRules rules, SimWork work, SimLaws laws, SplittableRandom random) {
    this.time = time;
    this.rules = rules;
    this.work = work;
    this.laws = laws;
    this.random = random;
    for (Site site : rules.sites()) {
      if (site.dead().equals("fails") || rules.mean() >= 24 * SimRules.HOUR) {
        broken.add(site.profile().name());
      }
      if (site.dead().equals("blocked")) {
        closed.add(site.profile().name());
      }
    }
  }

  int there(Site site) {
    return there.getOrDefault(site.profile().name(), 0);
  }

  private Deque<SimTask> queue(Site site) {
    return queues.computeIfAbsent(site.profile().name(), name -> new ArrayDeque<>());
  }

  private int running(Site site) {
    return running.getOrDefault(site.profile().name(), 0);
  }

  List<BatchTask> list() {
    long now = time.seconds();
    tasks.values().removeIf(task -> task.over() && now - task.ended > rules.minJobAge());
    List<BatchTask> listed = new ArrayList<>(tasks.size());
    tasks
        .values()
        .forEach(task -> listed.add(task.listed(now, closed.contains(task.site.profile().name()))));
    return listed;
  }

  Map<String, Words.Word> words() {
    return words;
  }

  long submit(Site site, int count, Set<String> sweeps) {
    job++;
    there.merge(site.profile().name(), count, Integer::sum);
    for (int i = 0; i < count; i++) {
      SimTask task = new SimTask(job, i, site, Set.copyOf(sweeps));
      tasks.put(task.id(), task);
      wait(task);
    }
    return job;
  }

  /** In the queue, with a wait of an exponential distribution. */
  private void wait(SimTask task) {
    double wait = -Math.log(1 - random.nextDouble()) * task.site.queue();
    int life = task.restarts;
    time.in(
        Math.round(wait),
        () -> {
          if (task.pending() && task.restarts == life) {
            queue(task.site).add(task);
            kick(task.site);
          }
        });
  }

  /** Starts what may start. */
  void kick(Site site) {
    Deque<SimTask> queue = queue(site);
    List<SimTask> held = new ArrayList<>();
    while (!closed.contains(site.profile().name())
        && running(site) < site.capacity()
        && !queue.isEmpty()) {
      SimTask task = queue.remove();
      if (task.held) {
        held.add(task);
      } else if (task.pending()) {
        start(task);
      }
    }
    queue.addAll(held);
  }

  private void start(SimTask task) {
    Site site = task.site;
    task.phase = Phase.RUNNING;
    task.state = "RUNNING";
    task.started = time.seconds();
    running.merge(site.profile().name(), 1, Integer::sum);
    int life = task.restarts;
    boolean fails =
        broken.contains(site.profile().name())
            && (site.dead().equals("fails") || random.nextInt(100) < site.failing());
    boolean stuck = faults && random.nextInt(100) == 0;
    if (fails) {
      inLife(task, life, random.nextLong(site.start()), () -> end(task, "FAILED", "1:0"));
    } else if (stuck) {
      inLife(task, life, 7200, () -> end(task, "TIMEOUT", "0:15"));
    } else {
      inLife(task, life, site.start(), () -> begin(task, life));
    }
  }

  private void inLife(SimTask task, int life, long seconds, Runnable what) {
    time.in(
        seconds,
        () -> {
          if (task.restarts == life && task.phase == Phase.RUNNING) {
            what.run();
          }
        });
  }

  private void begin(SimTask task, int life) {
    say(task, "starting");
    work.resume(task);
    for (int i = 0; i < task.site.profile().workers(); i++) {
      seek(task, life, time.seconds());
    }
  }

  private void say(SimTask task, String activity) {
    words.put(task.id(), new Words.Word(task.claims, activity, ""));
  }

  /** A worker that looks for work since then. */
  private void seek(SimTask task, int life, long since) {
    SimRun run = work.claim(task);
    if (run != null) {
      if (task.claims++ == 0) {
        laws.claimed(task.site.profile().name());
      }
      say(task, "training");
      task.runs.add(run);
      time.say("%s claims %s", task.id(), run.id);
      plan(task, run);
    } else if ((task.site.idle() >= 0 && time.seconds() - since >= task.site.idle())
        || work.allEnded(task.sweeps)) {
      leave(task);
    } else {
      inLife(task, life, 60, () -> seek(task, life, since));
    }
  }

  private void leave(SimTask task) {
    if (task.runs.isEmpty() && !task.over()) {
      task.left = true;
      say(task, "stopped");
      boolean all = work.allEnded(task.sweeps);
      end(task, all ? "COMPLETED" : "FAILED", all ? "0:0" : "3:0");
    }
  }

  /** Its end, as long as it goes on like this. */
  private void plan(SimTask task, SimRun run) {
    long started = run.since;
    int life = task.restarts;
    double left = (run.goal - run.done) / run.speed;
    inLife(
        task,
        life,
        (long) Math.ceil(left),
        () -> {
          if (task.runs.contains(run) && run.since == started) {
            work.finish(run);
            task.runs.remove(run);
            time.say("%s finishes %s", task.id(), run.id);
            seek(task, life, time.seconds());
          }
        });
  }

  void suspend(SimTask task) {
    task.phase = Phase.SUSPENDED;
    task.state = "SUSPENDED";
    task.runs.forEach(run -> run.go(time.seconds(), 0));
  }

  void resume(SimTask task) {
    if (task.phase == Phase.SUSPENDED) {
      task.phase = Phase.RUNNING;
      task.state = "RUNNING";
      for (SimRun run : task.runs) {
        run.go(time.seconds(), task.site.speed());
        plan(task, run);
      }
    }
  }

  void requeue(SimTask task) {
    stopped(task);
    task.restarts++;
    task.phase = Phase.PENDING;
    task.state = "PENDING";
    task.runs.forEach(run -> work.await(run, task));
    task.runs.clear();
    wait(task);
  }

  private void stopped(SimTask task) {
    if (!task.pending() && !task.over()) {
      running.merge(task.site.profile().name(), -1, Integer::sum);
      time.in(1, () -> kick(task.site));
    }
  }

  void end(SimTask task, String state, String exit) {
    if (task.over()) {
      return;
    }
    time.say("%s ends %s %s", task.id(), state, exit);
    stopped(task);
    there.merge(task.site.profile().name(), -1, Integer::sum);
    task.phase = Phase.ENDED;
    task.state = state;
    task.exit = exit;
    task.ended = time.seconds();
    task.runs.forEach(work::abandon);
    task.runs.clear();
    work.resume(task);
    time.in(24 * SimRules.HOUR, () -> words.remove(task.id()));
    if (task.claims == 0 && !task.left && !state.equals("CANCELLED")) {
      laws.failed(task.site.profile(), time.seconds());
    }
  }

  /** Everything is well again, but for what never was. */
  void heal() {
    faults = false;
    strict = false;
    silent = false;
    dumb = false;
    for (Site site : rules.sites()) {
      if (site.dead().isEmpty()) {
        broken.remove(site.profile().name());
        closed.remove(site.profile().name());
      }
    }
    tasks.values().forEach(task -> task.held = false);
    tasks.values().forEach(this::resume);
    rules.sites().forEach(this::kick);
  }
}
