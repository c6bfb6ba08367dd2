package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.BatchTask.Phase;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The real machine with one mistake each, made at its ports. */
@NullMarked
final class ScaleMutants {
  private ScaleMutants() {}

  /** It forgets something between two looks. */
  private static final class Forgetful implements MemoryStore {
    private final MemoryStore real;
    private final UnaryOperator<Memory> lapse;

    Forgetful(MemoryStore real, UnaryOperator<Memory> lapse) {
      this.real = real;
      this.lapse = lapse;
    }

    @Override
    public Memory load() {
      return lapse.apply(real.load());
    }

    @Override
    public void save(Memory memory) {
      real.save(memory);
    }
  }

  /** Slurm, misunderstood. */
  private static class Misheard implements TaskQueue {
    private final TaskQueue real;

    Misheard(TaskQueue real) {
      this.real = real;
    }

    BatchTask heard(BatchTask task) {
      return task;
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public List<TaskProfile> profiles() {
      return real.profiles();
    }

    @Override
    public List<BatchTask> tasks() {
      return real.tasks().stream().map(this::heard).toList();
    }

    @Override
    public List<String> submission(TaskProfile profile, int count) {
      return real.submission(profile, count);
    }

    @Override
    public List<String> cancellation(List<BatchTask> tasks) {
      return real.cancellation(tasks);
    }

    @Override
    public List<String> leftOut() {
      return real.leftOut();
    }

    @Override
    public Done call(List<String> words) {
      return real.call(words);
    }
  }

  private static BatchTask as(BatchTask task, Phase phase, String state) {
    return new BatchTask(
        task.job(),
        task.index(),
        task.profile(),
        phase,
        state,
        "",
        task.exit(),
        task.restarts(),
        task.used(),
        task.controller());
  }

  /** The limit is one too high. */
  static final class OneTooMany extends SimScaler {
    OneTooMany(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    TaskQueue queue(TaskQueue real) {
      return new Misheard(real) {
        @Override
        public List<TaskProfile> profiles() {
          return super.profiles().stream().map(OneTooMany::more).toList();
        }
      };
    }

    private static TaskProfile more(TaskProfile p) {
      return new TaskProfile(
          p.name(), p.partition(), p.gpus(), p.limit() + 1, p.workers(), p.flags(), p.script());
    }
  }

  /** Ended tasks and those that are blocked are not looked for: only what runs counts. */
  static final class PendingUncounted extends SimScaler {
    PendingUncounted(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    TaskQueue queue(TaskQueue real) {
      return new Misheard(real) {
        @Override
        public List<BatchTask> tasks() {
          return super.tasks().stream().filter(task -> !task.pending()).toList();
        }
      };
    }
  }

  /** As many in a look as there is work. */
  static final class AllAtOnce extends SimScaler {
    AllAtOnce(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    Rules rules() {
      return new Rules(1000, Rules.DEFAULT.unclaimedPerHour());
    }
  }

  /** Nobody counts the starts of the last hour. */
  static final class NoHour extends SimScaler {
    NoHour(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    MemoryStore store(MemoryStore real) {
      return new Forgetful(
          real,
          memory -> {
            memory.profiles().values().forEach(profile -> profile.starts.unclaimed().clear());
            return memory;
          });
    }
  }

  /** The intent is not saved: who dies after sbatch has submitted nothing. */
  static final class NoIntent extends SimScaler {
    NoIntent(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    MemoryStore store(MemoryStore real) {
      return new MemoryStore() {
        @Override
        public Memory load() {
          return real.load();
        }

        @Override
        public void save(Memory memory) {
          if (memory.profiles().values().stream().noneMatch(p -> p.starts.intends())) {
            real.save(memory);
          }
        }
      };
    }
  }

  /** What becomes of a task is forgotten: each start is the first. */
  static final class NoFailures extends SimScaler {
    private static void forget(Starts starts) {
      List<Instant> unclaimed = List.copyOf(starts.unclaimed());
      starts.claimed();
      starts.unclaimed().addAll(unclaimed);
    }

    NoFailures(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    MemoryStore store(MemoryStore real) {
      return new Forgetful(
          real,
          memory -> {
            memory.profiles().values().forEach(profile -> profile.starts.failed().clear());
            memory.profiles().values().forEach(profile -> forget(profile.starts));
            return memory;
          });
    }
  }

  /** A person's hand is taken for a failure like any other. */
  static final class CancelledIsFailed extends SimScaler {
    CancelledIsFailed(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    TaskQueue queue(TaskQueue real) {
      return new Misheard(real) {
        @Override
        BatchTask heard(BatchTask task) {
          return task.state().equals("CANCELLED") ? as(task, task.phase(), "FAILED") : task;
        }
      };
    }
  }

  /** Whatever is queued will start. */
  static final class BlockedCounts extends SimScaler {
    BlockedCounts(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    TaskQueue queue(TaskQueue real) {
      return new Misheard(real) {
        @Override
        BatchTask heard(BatchTask task) {
          return task.phase() == Phase.BLOCKED ? as(task, Phase.PENDING, task.state()) : task;
        }
      };
    }
  }

  /** The demand is that of the look before. */
  static final class OldDemand extends SimScaler {
    private @Nullable Demand before;

    OldDemand(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    Demand demand(Demand real) {
      Demand old = before == null ? real : before;
      before = real;
      return old;
    }
  }

  /** What is pending at the end stays. */
  static final class NeverCancels extends SimScaler {
    NeverCancels(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    TaskQueue queue(TaskQueue real) {
      return new Misheard(real) {
        @Override
        public Done call(List<String> words) {
          return words.get(0).equals("scancel") ? new Done(Refusal.NONE, "") : super.call(words);
        }
      };
    }
  }

  /** Two sit on one seat. */
  static final class NoSeat extends SimScaler {
    NoSeat(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    boolean mayLook() {
      return true;
    }

    @Override
    Seat seat(Seat real) {
      return () -> {
        real.held();
        return true;
      };
    }
  }

  /** What Slurm has forgotten is remembered. */
  static final class Elephant extends SimScaler {
    private final Map<String, Known> all = new java.util.LinkedHashMap<>();

    Elephant(String name, SimWorld world) {
      super(name, world);
    }

    @Override
    MemoryStore store(MemoryStore real) {
      return new MemoryStore() {
        @Override
        public Memory load() {
          return real.load();
        }

        @Override
        public void save(Memory memory) {
          memory.profiles().values().forEach(profile -> all.putAll(profile.tasks));
          memory.profiles().values().forEach(profile -> profile.tasks.putAll(all));
          real.save(memory);
        }
      };
    }
  }
}
