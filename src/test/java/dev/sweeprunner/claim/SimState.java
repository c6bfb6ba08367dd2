package dev.sweeprunner.claim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Everything at one moment: the server, the clients, the processes, and what may still happen. */
@NullMarked
final class SimState {
  final SimDisk disk;
  final SimLog log;
  final List<SimClient> clients;

  /** Where each worker's process is; null for one that has no more lives. */
  final SimLife.@Nullable Point[] at;

  final int[] life;

  /** The last change of each worker's killed process, still on its way to the server. */
  final @Nullable SimCall[] flying;

  final int kills;
  final int faults;
  final int stale;
  final int power;

  /** What the server held since its last sync, oldest first: what a loss of power may leave. */
  final List<SimState> unsynced;

  /** The highest slot that somebody was told is in the log. */
  final int promised;

  private final @Nullable SimState before;
  private final String how;

  private SimState(Next next, @Nullable SimState before, String how) {
    this.disk = next.disk;
    this.log = next.log;
    this.clients = next.clients;
    this.at = next.at;
    this.life = next.life;
    this.flying = next.flying;
    this.kills = next.kills;
    this.faults = next.faults;
    this.stale = next.stale;
    this.power = next.power;
    this.unsynced = next.unsynced;
    this.promised = next.promised;
    this.before = before;
    this.how = how;
  }

  /** A state in the making. */
  static final class Next {
    SimDisk disk;
    SimLog log = SimLog.EMPTY;
    List<SimClient> clients;
    SimLife.@Nullable Point[] at;
    int[] life;
    @Nullable SimCall[] flying;
    int kills;
    int faults;
    int stale;
    int power;
    List<SimState> unsynced = List.of();
    int promised;

    Next(SimDisk disk, SimRules rules) {
      this.disk = disk;
      this.clients = SimClient.fresh(rules.workers);
      this.at = new SimLife.Point[rules.workers];
      this.life = new int[rules.workers];
      this.flying = new SimCall[rules.workers];
      this.kills = rules.kills;
      this.faults = rules.faults;
      this.stale = rules.stale;
      this.power = rules.power;
    }

    private Next(SimState from) {
      this.disk = from.disk;
      this.log = from.log;
      this.clients = from.clients;
      this.at = from.at.clone();
      this.life = from.life.clone();
      this.flying = from.flying.clone();
      this.kills = from.kills;
      this.faults = from.faults;
      this.stale = from.stale;
      this.power = from.power;
      this.unsynced = from.unsynced;
      this.promised = from.promised;
    }

    void remember(int worker, SimClient client) {
      clients = new ArrayList<>(clients);
      clients.set(worker, client);
    }

    SimState state(@Nullable SimState before, String how) {
      return new SimState(this, before, how);
    }
  }

  Next next() {
    return new Next(this);
  }

  long hash() {
    long h = SimBlob.then(disk.hash, log.hash);
    for (int i = 0; i < at.length; i++) {
      SimLife.Point point = at[i];
      h = SimBlob.then(h, point == null ? 0 : point.hash);
      SimCall late = flying[i];
      h = SimBlob.then(h, late == null ? 0 : late.content().hash + late.kind().ordinal() + 1);
      h = SimBlob.then(h, late == null ? 0 : SimBlob.hash(late.path().toString()));
      h = SimBlob.then(h, stale > 0 ? clients.get(i).hash : 0);
    }
    for (SimState older : unsynced) {
      h = SimBlob.then(h, older.disk.hash);
    }
    return SimBlob.then(h, (((promised * 16L + kills) * 16 + faults) * 16 + stale) * 16 + power);
  }

  /** What led here, one step a line, and the log at the end. */
  String trace() {
    Deque<String> steps = new ArrayDeque<>();
    for (SimState state = this; state.before != null; state = state.before) {
      steps.push(state.how);
    }
    return String.join("\n", steps) + "\nlog: " + log;
  }

  @Override
  public String toString() {
    return log + " " + Arrays.toString(life);
  }
}
