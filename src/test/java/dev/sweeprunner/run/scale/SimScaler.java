package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.scale.SimRules.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * The real machine over simulated ports. At each step it may die, or be stopped for a while in
 * which everything else goes on; only between its look at the seat and what follows at once it is
 * not stopped, which nobody could guard against.
 */
@NullMarked
class SimScaler {
  private final String name;
  private final SimWorld world;
  private SimLaws.Look look = new SimLaws.Look();
  private boolean busy;
  private boolean dead;
  boolean asleep;

  SimScaler(String name, SimWorld world) {
    this.name = name;
    this.world = world;
  }

  /** For what goes wrong in it on purpose. */
  TaskQueue queue(TaskQueue real) {
    return real;
  }

  MemoryStore store(MemoryStore real) {
    return real;
  }

  Seat seat(Seat real) {
    return real;
  }

  Demand demand(Demand real) {
    return real;
  }

  Rules rules() {
    return world.rules.bounds();
  }

  boolean mayLook() {
    return world.takes(this);
  }

  boolean awake() {
    return !dead && !asleep;
  }

  boolean isDead() {
    return dead;
  }

  /** One look, and the plan of the next. */
  void look() {
    world.time.in(world.rules.every(), this::look);
    if (busy || dead || world.over() || !mayLook()) {
      return;
    }
    busy = true;
    look = new SimLaws.Look();
    try {
      ScaleReport report = round().look(true);
      if (report.over() && report.done() && world.nothingToCome()) {
        world.end();
      }
    } catch (UserError unknown) {
      world.time.say("%s waits: %s", name, unknown.what());
    } catch (SimDeath death) {
      dead = true;
      displaced();
      world.time.say("%s dies", name);
      world.time.in(world.random.nextLong(2 * world.rules.every()), () -> dead = false);
    } finally {
      busy = false;
    }
    if (world.rules.cron()) {
      world.leaves(this);
    }
  }

  /** What its present look saw nobody will hear of. */
  void displaced() {
    if (busy) {
      world.mournAgain(look);
    }
  }

  private ScaleRound round() {
    return new ScaleRound(
        queue(new Desk()),
        () -> {
          step();
          Demand demand = world.work.demand();
          look.claimable = demand.claimable();
          return demand(demand);
        },
        () -> {
          step();
          return world.slurm.words();
        },
        store(new Store()),
        seat(
            () -> {
              step();
              return world.holds(this);
            }),
        world.time,
        rules());
  }

  private void step() {
    die();
    if (world.happens(world.rules.sleeps())) {
      asleep = true;
      long pause = world.random.nextLong(1200);
      world.time.say("%s is stopped for %d s", name, pause);
      world.time.advance(world.time.seconds() + pause);
      asleep = false;
    }
  }

  private void die() {
    if (world.happens(world.rules.deaths())) {
      throw new SimDeath();
    }
  }

  /** The end of a process. */
  private static final class SimDeath extends RuntimeException {
    private static final long serialVersionUID = 1;

    SimDeath() {
      super("killed", null, false, false);
    }
  }

  /** A file. */
  private final class Store implements MemoryStore {
    @Override
    public Memory load() {
      step();
      try {
        Fields saved = world.memory;
        return saved == null ? new Memory() : Memory.of(saved);
      } catch (UnreadableJson e) {
        throw new AssertionError(e);
      }
    }

    /** Through a file's bytes in every tenth world, which takes as long as all the rest. */
    private Fields written(Memory memory) {
      try {
        Map<String, ?> members = memory.members();
        return world.rules.runs() % 10 == 0
            ? Fields.of(Json.bytes(members))
            : new Fields(new HashMap<>(members));
      } catch (UnreadableJson e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void save(Memory memory) {
      die();
      world.laws.remembered(memory, look.listed);
      world.memory = written(memory);
      step();
    }
  }

  /** Slurm's commands. */
  private final class Desk implements TaskQueue {
    private boolean listed;

    @Override
    public String name() {
      return "sr-12345678";
    }

    @Override
    public List<TaskProfile> profiles() {
      return world.rules.sites().stream().map(Site::profile).toList();
    }

    @Override
    public List<BatchTask> tasks() {
      step();
      if (world.slurm.silent) {
        throw new UserError("Slurm", "squeue is silent", "Wait");
      }
      List<BatchTask> tasks = world.slurm.list();
      if (!listed) {
        look.listed = tasks.size();
        world.mourn(tasks, look);
      }
      listed = true;
      return tasks;
    }

    @Override
    public List<String> submission(TaskProfile profile, int count) {
      return List.of("sbatch", profile.name(), Integer.toString(count));
    }

    @Override
    public List<String> cancellation(List<BatchTask> tasks) {
      List<String> words = new ArrayList<>(List.of("scancel"));
      tasks.forEach(task -> words.add(task.id()));
      return words;
    }

    @Override
    public List<String> leftOut() {
      return List.of();
    }

    @Override
    public Done call(List<String> words) {
      die();
      boolean dumb = world.slurm.dumb;
      Done done = dumb && !world.slurm.acts ? null : carryOut(words);
      world.time.say(
          "%s: %s: %s", name, String.join(" ", words), String.valueOf(dumb ? "no answer" : done));
      step();
      return dumb || done == null ? new Done(Refusal.UNREACHABLE, "no answer") : done;
    }

    private @Nullable Done carryOut(List<String> words) {
      if (words.get(0).equals("scancel")) {
        words.stream().skip(1).forEach(world.slurm.told::add);
        words.stream().skip(1).map(world.slurm.tasks::get).forEach(this::cancel);
        return new Done(Refusal.NONE, "");
      }
      Site site = world.site(words.get(1));
      int count = Integer.parseInt(words.get(2));
      if (site.dead().equals("refused")) {
        return new Done(Refusal.INVALID, "no such partition");
      }
      if (world.slurm.strict && world.slurm.there(site) + count > site.submitLimit()) {
        return new Done(Refusal.LIMIT, "QOSMaxSubmitJobPerUserLimit");
      }
      int all = world.slurm.there(site) + count;
      long job = world.slurm.submit(site, count, world.work.active);
      world.laws.submitted(site.profile(), count, all, look, world.time.seconds());
      return new Done(Refusal.NONE, Long.toString(job));
    }

    private void cancel(@Nullable SimTask task) {
      if (task != null) {
        world.slurm.end(task, "CANCELLED", "0:15");
      }
    }
  }
}
