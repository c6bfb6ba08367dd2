package dev.sweeprunner.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a user's own program is run: the properties {@code program.*}, each called as it is there.
 *
 * @param cwd its working directory, or empty for the one where the program is found
 * @param folder whose folder a claim's program works in
 * @param copyLimit bytes of a published copy from which on the user is told of its size
 * @param relay whether programs log to this worker instead of to W&amp;B itself
 * @param stopSignal without {@code SIG}
 * @param hang after how much silence it is ended; zero for never
 * @param start how long it has to come forward before its death counts as one at its start
 * @param sweepId what {@code WANDB_SWEEP_ID} holds, or empty
 * @param logLimit bytes of output kept per claim
 * @param env further variables
 * @param evidence what is said of rows, checkpoints and the end: names and values
 * @param guard whether it is guarded; off only in tests that prove it matters
 */
public record ProgramRules(
    String interpreter,
    String cwd,
    boolean cwdPerRun,
    Folder folder,
    long copyLimit,
    boolean relay,
    String stopSignal,
    Duration grace,
    Duration silence,
    Duration hang,
    Duration start,
    String sweepId,
    boolean keepSlurm,
    long logLimit,
    Map<String, String> env,
    Map<String, String> evidence,
    boolean guard) {

  /** Whose folder a program works in. */
  public enum Folder {
    /** The claim's own where a rule for checkpoints is given, else the run's. */
    AUTO,
    /** The run's, for all its claims. */
    SHARED,
    /** The claim's own. */
    COPY
  }

  /** The user's own word on where W&amp;B is, of all programs of the sweep. */
  public Optional<String> ownWandb() {
    return Stream.of("WANDB_BASE_URL", "WANDB_MODE").filter(env::containsKey).findFirst();
  }

  /** Whether programs log to this worker: unless the user says otherwise, in whatever way. */
  public boolean relayed() {
    return relay && ownWandb().isEmpty();
  }

  /** Whether each claim works in a folder of its own, whatever is known of its checkpoints. */
  public boolean copy() {
    return folder == Folder.COPY;
  }
}
