package dev.sweeprunner.testkit.wandb;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run's life as posts and silence shape it.
 *
 * @param phase what the client said last
 * @param beat the newest post, or the creation
 * @param preempting whether a preemption was announced
 * @param stopped whether the Stop button was pressed
 * @param exitCode of the end, or null
 */
record Life(
    Phase phase, Instant beat, boolean preempting, boolean stopped, @Nullable Integer exitCode) {
  enum Phase {
    PENDING,
    RUNNING,
    ENDED
  }

  static Life created(Instant now, boolean pending) {
    return new Life(pending ? Phase.PENDING : Phase.RUNNING, now, false, false, null);
  }

  /** Any post that does not end the run; one to an ended run begins a new attempt. */
  Life beat(Instant now, boolean preemptingNow, Patience patience) {
    boolean anew = phase == Phase.ENDED || state(now, patience).equals("preempted");
    return new Life(
        Phase.RUNNING,
        now,
        preemptingNow || (preempting && !anew),
        stopped && phase != Phase.ENDED,
        null);
  }

  /** The last post; sent again it changes nothing. */
  Life complete(Instant now, int code, boolean preemptingNow) {
    return new Life(Phase.ENDED, now, preempting || preemptingNow, stopped, code);
  }

  Life stop() {
    return new Life(phase, beat, preempting, true, exitCode);
  }

  /** As the server shows it at that time. */
  String state(Instant now, Patience patience) {
    return switch (phase) {
      case PENDING -> "pending";
      case ENDED -> ended();
      case RUNNING -> alive(Duration.between(beat, now), patience);
    };
  }

  private String ended() {
    if (exitCode == null || exitCode == 0) {
      return "finished";
    }
    return stopped ? "killed" : preempting ? "preempted" : "failed";
  }

  private String alive(Duration silent, Patience patience) {
    if (preempting) {
      return silent.compareTo(patience.preempting()) > 0 ? "preempted" : "preempting";
    }
    return silent.compareTo(patience.running()) > 0 ? "crashed" : "running";
  }
}
