package dev.sweeprunner.run;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What W&amp;B knows about a run. */
public interface Registry {
  /** One run's state; from a shared cached answer. Never throws. */
  Remote state(String runId);

  /** The registry of a worker that does not use W&amp;B. */
  static Registry disabled() {
    return runId -> new Remote.NotAsked("W&B is disabled");
  }

  /** The answer: unknown is not no. */
  sealed interface Remote {
    /** Nobody asks: W&amp;B is not used. */
    record NotAsked(String why) implements Remote {}

    /** W&amp;B answered that there is no such run. */
    record NotFound(Duration age) implements Remote {}

    /**
     * W&amp;B knows the run.
     *
     * @param state with a heartbeat as old as it is now
     * @param cluster the cluster in its config, or null: a name, never evidence
     * @param metrics the newest values that were asked for
     * @param age of this answer
     */
    record Found(
        RemoteState state, @Nullable String cluster, Map<String, Double> metrics, Duration age)
        implements Remote {
      /** A run of which no metrics are known. */
      public Found(RemoteState state, @Nullable String cluster, Duration age) {
        this(state, cluster, Map.of(), age);
      }
    }

    /**
     * The same config was finished there under another id, for example by {@code wandb agent}.
     *
     * @param as that id
     * @param age of this answer
     */
    record Adopted(String as, Duration age) implements Remote {}

    /** The question failed. */
    record Unknown(String why) implements Remote {}
  }
}
