package dev.sweeprunner.claim;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.RecordType;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * The law that there is no dead end: from whatever disk was reached, one healthy worker, alone and
 * with all others dead, brings the run to its end.
 */
@NullMarked
final class SimEnd {
  private static final int LOOKS = 3;

  private final SimHashes seen = new SimHashes();
  private final SimLife life;

  SimEnd() {
    SimRules rules = SimRules.TWO.looks(LOOKS).moves(SimRules.Move.FINISH);
    life = new SimLife("z", new Heir(rules));
  }

  /** Frees what was given up, and takes everybody for dead. */
  private static final class Heir extends SimWorker {
    Heir(SimRules rules) {
      super("z1", rules);
    }

    @Override
    void look(Process process) {
      ClaimState state = process.claims.look(RUN);
      if (state instanceof ClaimState.Logged logged && logged.end().type() == RecordType.POISON) {
        process.claims.reset(RUN);
      }
      super.look(process);
    }
  }

  int ends() {
    return seen.size();
  }

  void check(SimState state) throws Explorer.Fault {
    if (!seen.add(SimBlob.then(state.disk.hash, state.log.hash))) {
      return;
    }
    SimDisk disk = state.disk;
    SimLog log = state.log;
    SimLife.Point point = life.start();
    StringBuilder trace = new StringBuilder();
    try {
      while (point.pending != null) {
        SimCall call = point.pending;
        SimReply reply = SimReply.number(1);
        if (call.kind() == SimCall.Kind.TELL) {
          log.told(call.answer(), true);
          reply = SimReply.DONE;
        } else if (call.remote()) {
          SimServer.Step step = SimServer.apply(disk, call);
          log = step.disk() == disk ? log : log.after(call, disk, step.disk());
          disk = step.disk();
          reply = step.reply();
        }
        trace.append("\nheir: ").append(call).append(": ").append(reply);
        point = life.after(point, reply);
      }
      law(point.failure == null, String.valueOf(point.failure));
      law(log.finished(), "the run cannot be finished any more");
      law(disk.get(SimWorker.LAYOUT.done(SimWorker.RUN)) != null, "no hint of the end");
      List<String> left = disk.list(SimWorker.LAYOUT.lock(SimWorker.RUN));
      law(Contents.of(left).slots().equals(List.of(log.slot)), "not compacted: " + left);
    } catch (SimLog.Broken | UserError e) {
      throw new Explorer.Fault(String.valueOf(e.getMessage()), state.trace() + trace);
    }
  }

  private static void law(boolean holds, String otherwise) {
    if (!holds) {
      throw new SimLog.Broken(otherwise);
    }
  }
}
