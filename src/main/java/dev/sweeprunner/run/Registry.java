package dev.sweeprunner.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the tracking service knows about a run. */
public interface Registry {
  /** One run's state; from a shared cached answer. Never throws. */
  Remote state(String runId);

  /** The registry of a worker that does not use the service. */
  static Registry disabled() {
    return runId -> new Remote.NotAsked("W&B is disabled");
  }

  /** The answer: unknown is not no. */
  sealed interface Remote {
    /** Nobody asks: the service is not used. */
    record NotAsked(String why) implements Remote {}

    /** The service answered that there is no such run. */
    record NotFound(Duration age) implements Remote {}

    /**
     * The service knows the run.
     *
     * @param state as it names it: {@code running}, {@code finished}, {@code crashed}, …
     * @param iter the summary's newest iteration, or -1
     * @param cluster the cluster in its config, or null
     * @param sinceHeartbeat age of the newest heartbeat, or null
     * @param age of this answer
     */
    record Found(
        String state,
        long iter,
        @Nullable String cluster,
        @Nullable Duration sinceHeartbeat,
        Duration age)
        implements Remote {}

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
