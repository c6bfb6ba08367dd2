package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.TaskQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings a memory up to date with what a look has seen: which tasks are new, which have claimed a
 * run, which have ended and how. Asks Slurm about the newest failure of a profile that is paused
 * for it. Belongs to one look.
 */
final class Settlement {
  private final Memory memory;
  private final TaskQueue queue;
  private final Map<String, Words.Word> words;
  private final Demand demand;
  private final Instant now;
  private final Set<String> holders;
  private final List<String> news = new ArrayList<>();

  Settlement(
      Memory memory, TaskQueue queue, Demand demand, Map<String, Words.Word> words, Instant now) {
    this.memory = memory;
    this.queue = queue;
    this.demand = demand;
    this.words = words;
    this.now = now;
    this.holders = demand.held().keySet().stream().map(Demand.Life::id).collect(Collectors.toSet());
  }

  /**
   * Takes note of everything.
   *
   * @param listed a whole answer, ended ones included
   * @return what is worth saying, once
   */
  List<String> of(List<BatchTask> listed) {
    Map<String, Map<String, BatchTask>> byProfile = new HashMap<>();
    listed.forEach(
        task ->
            byProfile.computeIfAbsent(task.profile(), p -> new HashMap<>()).put(task.id(), task));
    byProfile.keySet().forEach(memory::of);
    memory
        .profiles()
        .forEach((name, profile) -> settle(name, profile, byProfile.getOrDefault(name, Map.of())));
    return news;
  }

  private void settle(String name, ProfileMemory profile, Map<String, BatchTask> listed) {
    listed.values().stream()
        .sorted(BatchTask.NEWEST.reversed())
        .forEach(task -> adopt(name, profile, task));
    profile.rates = new Measure(profile, demand, now).of(listed);
    Ends ends = new Ends();
    boolean claimed = false;
    for (Map.Entry<String, Known> entry : profile.tasks.entrySet()) {
      BatchTask task = listed.get(entry.getKey());
      Known known = entry.getValue();
      claimed |= claims(profile, entry.getKey(), known, task);
      idle(known, task);
      if ((task == null || task.ended()) && !known.settled) {
        known.settled = true;
        ends.add(kind(entry.getKey(), known, task), entry.getKey(), task);
      }
    }
    profile.tasks.keySet().retainAll(listed.keySet());
    weigh(name, profile, ends, claimed);
  }

  private void adopt(String name, ProfileMemory profile, BatchTask task) {
    if (!profile.tasks.containsKey(task.id())) {
      profile.tasks.put(task.id(), new Known(now, Set.of(), false));
      profile.starts.adopted(now);
      if (!task.ended()) {
        news.add(name + ": " + task.id() + " is there and was not remembered; it counts");
      }
    }
  }

  private boolean claims(ProfileMemory profile, String id, Known known, @Nullable BatchTask task) {
    Words.Word word = words.get(id);
    boolean seen = holders.contains(id) || (word != null && word.claims() > 0);
    if (!seen || known.claimed) {
      return false;
    }
    known.claimed = true;
    if (known.own
        && task != null
        && task.phase() == BatchTask.Phase.RUNNING
        && task.restarts() == 0) {
      profile.rates = profile.rates.started(task.used());
    }
    return true;
  }

  /** Since when it runs beside work that it could have claimed. */
  private void idle(Known known, @Nullable BatchTask task) {
    boolean could =
        task != null
            && task.phase() == BatchTask.Phase.RUNNING
            && demand.held(task) == 0
            && demand.lots().keySet().stream().anyMatch(lot -> lot.servedBy(known.sweeps));
    known.idle =
        !could ? null : known.idle == null || Times.ahead(known.idle, now) ? now : known.idle;
  }

  private End kind(String id, Known known, @Nullable BatchTask task) {
    if (known.cancelled) {
      return End.OWN;
    }
    if (task != null && task.state().startsWith("CANCELLED")) {
      return End.CANCELLED;
    }
    if (known.claimed) {
      return End.WORKED;
    }
    Words.Word word = words.get(id);
    boolean calm = task == null || task.exit().equals("0:0") || task.exit().equals("3:0");
    return word != null && word.left() && calm ? End.IDLE : End.FAILED;
  }

  private void weigh(String name, ProfileMemory profile, Ends ends, boolean claimed) {
    Starts starts = profile.starts;
    for (int i = 0; i < ends.count(End.FAILED); i++) {
      starts.failed(now);
    }
    for (int i = 0; i < ends.count(End.IDLE); i++) {
      starts.idle();
    }
    if (claimed) {
      starts.claimed();
    }
    if (ends.count(End.CANCELLED) > 0) {
      String which = ends.newest.getOrDefault(End.CANCELLED, "");
      tell(name, which + " was cancelled by somebody");
      starts.cancelled(which + " was cancelled by somebody", now);
    } else if (starts.trips(now) && ends.count(End.FAILED) + ends.count(End.IDLE) > 0) {
      boolean idle = ends.count(End.FAILED) == 0;
      String what =
          (starts.streak() == 1 ? "a start" : starts.streak() + " starts in a row")
              + " came to nothing; "
              + last(ends, idle);
      tell(name, what);
      starts.weigh(what, idle, now);
    }
  }

  private String last(Ends ends, boolean idle) {
    if (idle) {
      return ends.newest.getOrDefault(End.IDLE, "") + " found nothing to do and left";
    }
    String id = ends.newest.getOrDefault(End.FAILED, "");
    BatchTask task = ends.task;
    if (task == null) {
      return id + " has ended, and Slurm has forgotten how";
    }
    String said = queue.ending(task);
    return id + ": " + (said.isEmpty() ? (task.state() + " " + task.exit()).strip() : said);
  }

  private void tell(String name, String what) {
    news.add(name + ": " + what);
  }

  /** How a task may end. */
  private enum End {
    OWN,
    CANCELLED,
    WORKED,
    IDLE,
    FAILED
  }

  /** Those of one look. */
  private static final class Ends {
    private final Map<End, Integer> counts = new HashMap<>();
    private final Map<End, String> newest = new HashMap<>();
    private @Nullable BatchTask task;

    void add(End end, String id, @Nullable BatchTask ended) {
      counts.merge(end, 1, Integer::sum);
      newest.put(end, id);
      task = end == End.FAILED ? ended : task;
    }

    int count(End end) {
      return counts.getOrDefault(end, 0);
    }
  }
}
