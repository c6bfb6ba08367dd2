package dev.sweeprunner.wandb.check;

import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunState;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.check.Behaviour.Seen;
import dev.sweeprunner.wandb.check.Scratch.Awaited;
import dev.sweeprunner.wandb.check.Scratch.Halted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the table of states rests on: how runs live and end. */
final class LifeBehaviours {
  private static final Duration BEAT = Duration.ofSeconds(60);
  private static final long ITER = 7;
  private static final String RUNNING = "running";
  private static final String FINISHED = "finished";

  private final Scratch scratch;
  private final ScratchRun live;
  private final ScratchRun done;
  private final ScratchRun preempted;
  private final ScratchRun failed;

  LifeBehaviours(Scratch scratch) {
    this.scratch = scratch;
    this.live = scratch.run("live");
    this.done = scratch.run("done");
    this.preempted = scratch.run("preempted");
    this.failed = scratch.run("failed");
  }

  List<Behaviour> all() {
    return List.of(
        new Behaviour("a run that is posted to is running", this::running),
        new Behaviour("the summary's iter is in the list of states", this::iter),
        new Behaviour("an empty post moves the heartbeat on", this::heartbeat),
        new Behaviour("exit code 0 makes a run finished", this::finished),
        new Behaviour("an upsert leaves a finished run finished", this::upsertAfterEnd),
        new Behaviour("a finished run still takes a post", this::postAfterEnd),
        new Behaviour("preempting, then exit code 143, makes a run preempted", this::preempted),
        new Behaviour("a post makes a preempted run running again", () -> resumed(preempted)),
        new Behaviour("exit code 1 makes a run failed", this::failed),
        new Behaviour("a post makes a failed run running again", () -> resumed(failed)));
  }

  private Seen running() throws WandbFailure, Halted {
    live.post(StreamChunk.HEARTBEAT);
    return becomes(live, RUNNING);
  }

  private Seen iter() throws WandbFailure, Halted {
    live.summary("{\"iter\":" + ITER + ",\"_step\":" + ITER + "}");
    Awaited<Long> iter = scratch.await(Scratch.SETTLE, () -> iterOf(live), value -> value == ITER);
    return Seen.of(iter.right(), (iter.right() ? "there " : "not there ") + iter.when());
  }

  private Seen heartbeat() throws WandbFailure, Halted {
    live.post(StreamChunk.HEARTBEAT);
    scratch.settle();
    Instant before = beat();
    // The server writes whole seconds.
    scratch.rest(Duration.ofSeconds(2));
    live.post(StreamChunk.HEARTBEAT);
    Awaited<Optional<Instant>> beat =
        scratch.await(
            BEAT,
            () -> Optional.ofNullable(beat()),
            now -> now.isPresent() && (before == null || now.get().isAfter(before)));
    return Seen.of(beat.right(), (beat.right() ? "it moved on " : "it stands ") + beat.when());
  }

  private Seen finished() throws WandbFailure, Halted {
    done.post(StreamChunk.HEARTBEAT);
    done.exit(0);
    return becomes(done, FINISHED);
  }

  private Seen upsertAfterEnd() throws WandbFailure, Halted {
    done.exit(0);
    becomes(done, FINISHED);
    done.write(null);
    scratch.settle();
    String state = done.state();
    return Seen.of(state.equals(FINISHED), "it is " + state);
  }

  private Seen postAfterEnd() throws WandbFailure, Halted {
    done.exit(0);
    done.post(StreamChunk.HEARTBEAT);
    scratch.settle();
    String after = done.state();
    done.exit(0);
    Seen end = becomes(done, FINISHED);
    return new Seen(
        "taken; it is " + after + ", and after its exit again " + end.what(), end.verdict());
  }

  private Seen preempted() throws WandbFailure, Halted {
    preempted.preempting();
    scratch.settle();
    String before = preempted.state();
    preempted.exit(143);
    Seen end = becomes(preempted, "preempted");
    return new Seen("it is " + before + ", then " + end.what(), end.verdict());
  }

  private Seen failed() throws WandbFailure, Halted {
    failed.post(StreamChunk.HEARTBEAT);
    failed.exit(1);
    return becomes(failed, "failed");
  }

  private Seen resumed(ScratchRun run) throws WandbFailure, Halted {
    String before = run.state();
    if (Set.of(RUNNING, "absent").contains(before)) {
      return Seen.not("it did not end before: it is " + before);
    }
    run.post(StreamChunk.HEARTBEAT);
    return becomes(run, RUNNING);
  }

  private Seen becomes(ScratchRun run, String wanted) throws WandbFailure, Halted {
    Awaited<String> state = scratch.await(Scratch.SETTLE, run::state, wanted::equals);
    return Seen.of(state.right(), state.answer() + " " + state.when());
  }

  private @Nullable Instant beat() throws WandbFailure {
    RemoteRun run = live.read().orElse(null);
    return run == null ? null : run.heartbeat();
  }

  private long iterOf(ScratchRun run) throws WandbFailure {
    return scratch
        .client()
        .states(run.path().entity(), run.path().project(), List.of(run.path().runId()))
        .runs()
        .stream()
        .mapToLong(RunState::iter)
        .findFirst()
        .orElse(-1);
  }
}
