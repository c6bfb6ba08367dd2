package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Walks through everything that can happen within {@link SimRules}: each order of the workers'
 * calls, each course of a call, each decision, each judgement. States that were met before are not
 * gone on from; they are told apart by 64 bits of hash.
 *
 * <p>One judgement is not free. Where there are no hard links, whoever left a slot empty is not
 * taken for dead as long as it may still fill it: there the expiry must be longer than a process
 * sleeps between the two.
 */
@NullMarked
final class Explorer {
  private final SimRules rules;
  private final SimDisk disk;
  private final SimLife[][] lives;
  final SimEnd end = new SimEnd();
  private final SimHashes seen = new SimHashes();

  /**
   * From this disk on.
   *
   * @param worker makes the program of an incarnation
   */
  Explorer(SimRules rules, SimDisk disk, BiFunction<String, SimRules, SimWorker> worker) {
    this.rules = rules;
    this.disk = disk;
    this.lives = new SimLife[rules.workers][rules.lives];
    for (int i = 0; i < rules.workers; i++) {
      for (int k = 0; k < rules.lives; k++) {
        String name = (char) ('a' + i) + "" + (k + 1);
        lives[i][k] = new SimLife(name, worker.apply(name, rules));
      }
    }
  }

  /**
   * What was found.
   *
   * @param states that differ
   * @param steps between them
   * @param places in the workers' programs that were reached
   * @param ends disks from which one worker alone was let finish the run
   * @param longest log
   * @param whole whether nothing was left out
   * @param broken the law that broke, and how, or null
   * @param seconds of one processor
   */
  record Found(
      long states,
      long steps,
      int places,
      int ends,
      int longest,
      boolean whole,
      @Nullable String broken,
      double seconds) {
    String summary() {
      return String.format(
          Locale.ROOT,
          "%,d states, %,d steps, %,d places, %,d disks finished, logs of up to %d slots, %.1f s of"
              + " CPU%s",
          states,
          steps,
          places,
          ends,
          longest,
          seconds,
          whole ? "" : ", not all");
    }
  }

  /** A law was broken after this trace. */
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    Fault(String law, String trace) {
      super(law + ", after:\n" + trace);
    }
  }

  /** Everything, depth first: the memory of one path. */
  Found all(long most) {
    return explore(most, false);
  }

  /** Breadth first: the first trace found is a shortest one. */
  Found shortest(long most) {
    return explore(most, true);
  }

  private Found explore(long most, boolean breadth) {
    long began = cpu();
    Deque<SimState> todo = new ArrayDeque<>();
    long steps = 0;
    int longest = 0;
    String broken = null;
    try {
      SimState start = start();
      seen.add(start.hash());
      todo.add(start);
      while (!todo.isEmpty() && seen.size() < most) {
        SimState state = breadth ? todo.removeFirst() : todo.removeLast();
        for (SimState next : next(state)) {
          steps++;
          if (seen.add(next.hash())) {
            longest = Math.max(longest, next.log.slot);
            end.check(next);
            todo.add(next);
          }
        }
      }
    } catch (Fault e) {
      broken = e.getMessage();
    }
    double seconds = (cpu() - began) / 1e9;
    boolean whole = todo.isEmpty() && broken == null;
    return new Found(seen.size(), steps, places(), end.ends(), longest, whole, broken, seconds);
  }

  /** Of this thread, in nanoseconds: other builds on the machine do not count. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private int places() {
    int places = 0;
    for (SimLife[] worker : lives) {
      for (SimLife life : worker) {
        places += life.points;
      }
    }
    return places;
  }

  SimState start() throws Fault {
    SimState.Next next = new SimState.Next(disk, rules);
    for (int i = 0; i < rules.workers; i++) {
      next.at[i] = lives[i][0].start();
    }
    return next.state(null, "");
  }

  /** All states that one step leads to. */
  List<SimState> next(SimState state) throws Fault {
    List<SimState> next = new ArrayList<>();
    for (int i = 0; i < rules.workers; i++) {
      if (state.at[i] != null && alone(state, pending(state, i))) {
        addSteps(next, state, i);
        return next;
      }
    }
    for (int i = 0; i < rules.workers; i++) {
      if (state.at[i] != null) {
        addSteps(next, state, i);
      }
      addDeaths(next, state, i);
    }
    if (state.power > 0) {
      addLossesOfPower(next, state);
    }
    return next;
  }

  static SimCall pending(SimState state, int worker) {
    return Objects.requireNonNull(Objects.requireNonNull(state.at[worker]).pending);
  }

  /**
   * Whether it makes no difference to anybody else when this is done: then it is done at once, and
   * the orders in which it could have been are not told apart.
   */
  private boolean alone(SimState state, SimCall call) {
    return switch (call.kind()) {
      case CHOOSE, TELL -> true;
      case SYNC -> rules.power == 0;
      case MAKE_FOLDERS -> rules.power == 0 && state.disk.get(call.path()) != null;
      case CREATE, DELETE -> unseen(state, FileSystem.TEMP_PREFIX, call);
      case OPEN, BEAT -> unseen(state, "hb.", call);
      case MODIFIED -> call.path().equals(SimWorker.LAYOUT.resumeLock(SimWorker.RUN));
      case READ ->
          state.disk.get(call.path()) != null
              && call.path().equals(SimWorker.LAYOUT.format(SimWorker.RUN.project()));
      default -> false;
    };
  }

  /** What others cannot see before the log is finished. */
  private boolean unseen(SimState state, String prefix, SimCall call) {
    return !rules.shown
        && rules.power == 0
        && !state.log.finished()
        && String.valueOf(call.path().getFileName()).startsWith(prefix);
  }

  void addSteps(List<SimState> out, SimState state, int worker) throws Fault {
    SimCall call = pending(state, worker);
    if (call.kind() == SimCall.Kind.CHOOSE) {
      boolean filling = call.path().toString().equals(SimWorker.UNKNOWN_OWNER) && filling(state);
      for (int k = 0; k < (filling ? 1 : call.number()); k++) {
        SimReply reply = SimReply.number(k);
        out.add(go(state.next(), state, worker, call, reply));
      }
    } else if (call.kind() == SimCall.Kind.TELL) {
      out.add(tell(state, worker, call));
    } else {
      SimClient client = state.clients.get(worker);
      for (SimFaults.Course course :
          SimFaults.courses(state.disk, client, call, rules, state.faults, state.stale)) {
        out.add(serve(state, worker, call, course));
      }
    }
  }

  private static boolean filling(SimState state) {
    for (int i = 0; i < state.at.length; i++) {
      SimCall late = state.flying[i];
      SimCall next = state.at[i] == null ? null : pending(state, i);
      if ((late != null && late.kind() == SimCall.Kind.FILL)
          || (next != null && next.kind() == SimCall.Kind.FILL)) {
        return true;
      }
    }
    return false;
  }

  private SimState tell(SimState state, int worker, SimCall call) throws Fault {
    SimState.Next next = state.next();
    try {
      int slot = state.log.told(call.answer(), rules.links);
      next.promised = rules.power > 0 ? Math.max(slot, state.promised) : 0;
    } catch (SimLog.Broken e) {
      throw fault(e, state, line(state, worker, call, SimReply.DONE));
    }
    return go(next, state, worker, call, SimReply.DONE);
  }

  private SimState serve(SimState state, int worker, SimCall call, SimFaults.Course course)
      throws Fault {
    SimState.Next next = state.next();
    next.faults -= course.faults();
    next.stale -= course.stale();
    SimReply reply = course.reply();
    if (call.kind() == SimCall.Kind.LIST && !rules.shown && !state.log.finished()) {
      reply = ownOnly(reply, state.disk, call.path(), name(state, worker));
    }
    change(next, state, call, course.disk(), line(state, worker, call, reply));
    if (rules.stale > 0 && course.stale() == 0) {
      next.remember(worker, state.clients.get(worker).after(call, course.reply()));
    }
    return go(next, state, worker, call, reply);
  }

  private static SimReply ownOnly(SimReply reply, SimDisk disk, Path folder, String client) {
    List<String> own = new ArrayList<>();
    for (String name : reply.names) {
      boolean temp = name.startsWith(FileSystem.TEMP_PREFIX);
      SimDisk.Node node = name.startsWith("hb.") ? disk.get(folder.resolve(name)) : null;
      boolean others =
          temp
              ? !name.startsWith(FileSystem.TEMP_PREFIX + client + "-")
              : node != null && node.id() != SimFs.identity(client);
      if (!others) {
        own.add(name);
      }
    }
    return own.size() == reply.names.size() ? reply : SimReply.names(own);
  }

  private void change(SimState.Next next, SimState state, SimCall call, SimDisk disk, String how)
      throws Fault {
    if (disk != state.disk) {
      next.disk = disk;
      try {
        next.log = state.log.after(call, state.disk, disk);
      } catch (SimLog.Broken e) {
        throw fault(e, state, how);
      }
    }
    if (rules.power > 0) {
      next.unsynced = unsynced(state, call, disk);
    }
  }

  /** Names reach the platters in the order in which they were given, at the latest at a sync. */
  private static List<SimState> unsynced(SimState state, SimCall call, SimDisk disk) {
    switch (call.kind()) {
      case CREATE, FILL, BEAT, SYNC:
        return List.of();
      default:
        if (disk == state.disk) {
          return state.unsynced;
        }
        List<SimState> more = new ArrayList<>(state.unsynced);
        more.add(state);
        return more;
    }
  }

  private SimState go(SimState.Next next, SimState state, int worker, SimCall call, SimReply reply)
      throws Fault {
    SimLife life = lives[worker][state.life[worker]];
    SimLife.Point point = life.after(Objects.requireNonNull(state.at[worker]), reply);
    next.at[worker] = point;
    SimState gone = next.state(state, line(state, worker, call, reply));
    if (point.failure != null) {
      throw fault(point.failure, gone, "and throws");
    }
    if (point.pending != null) {
      return gone;
    }
    if (rules.reborn) {
      revive(next, worker);
    } else {
      next.at[worker] = null;
    }
    return next.state(state, line(state, worker, call, reply) + "; ends");
  }

  /** The next process of a worker. */
  private void revive(SimState.Next next, int worker) {
    int life = next.life[worker] + 1;
    if (life < rules.lives) {
      next.life[worker] = life;
      next.at[worker] = lives[worker][life].start();
    } else {
      next.at[worker] = null;
    }
  }

  void addDeaths(List<SimState> out, SimState state, int worker) throws Fault {
    SimCall late = state.flying[worker];
    if (late != null) {
      SimState.Next next = state.next();
      next.flying[worker] = null;
      SimServer.Step step = SimServer.apply(state.disk, late);
      String how = "late, from a killed process of " + (char) ('a' + worker) + ": " + late;
      change(next, state, late, step.disk(), how);
      out.add(next.state(state, how));
    }
    if (state.kills > 0 && state.at[worker] != null && state.life[worker] + 1 < rules.lives) {
      String how = "SIGKILL of " + name(state, worker);
      SimState.Next dead = state.next();
      dead.kills--;
      revive(dead, worker);
      out.add(dead.state(state, how));
      SimCall call = pending(state, worker);
      if (late == null && call.changes()) {
        SimState.Next flies = state.next();
        flies.kills--;
        revive(flies, worker);
        flies.flying[worker] = call;
        out.add(flies.state(state, how + ", whose " + call + " is on its way"));
      }
    }
  }

  private void addLossesOfPower(List<SimState> out, SimState state) throws Fault {
    List<SimState> left = new ArrayList<>(state.unsynced);
    left.add(state);
    for (SimState older : left) {
      SimState.Next next = state.next();
      next.disk = older.disk;
      next.log = older.log;
      next.unsynced = List.of();
      next.power--;
      for (int i = 0; i < rules.workers; i++) {
        if (next.at[i] != null) {
          revive(next, i);
        }
      }
      next.clients = SimClient.fresh(rules.workers);
      String how = "loss of power, back to: " + older.log;
      if (older.log.slot < state.promised) {
        throw fault(new SimLog.Broken("what was told to be in the log is lost"), state, how);
      }
      out.add(next.state(state, how));
    }
  }

  private static String name(SimState state, int worker) {
    return (char) ('a' + worker) + "" + (state.life[worker] + 1);
  }

  private static String line(SimState state, int worker, SimCall call, SimReply reply) {
    return name(state, worker)
        + " "
        + call
        + (call.kind() == SimCall.Kind.TELL ? "" : ": " + reply);
  }

  private static Fault fault(Throwable law, SimState state, String how) {
    return new Fault(String.valueOf(law), state.trace() + "\n" + how);
  }
}
