package dev.sweeprunner.layout;

import dev.sweeprunner.config.RunKey;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Every path of the on-disk contract under one storage root. Pure: touches nothing.
 *
 * @param root the storage root; all paths lie under {@code root/out}
 */
public record Layout(Path root) {
  /** A path as it is told: from the storage root on, {@code out/...}. */
  public String told(Path path) {
    return root.relativize(path).toString();
  }

  /** {@code out}. */
  public Path out() {
    return root.resolve("out");
  }

  /** {@code out/.workers}. */
  public Path workers() {
    return out().resolve(".workers");
  }

  /** {@code out/.workers/{worker}.json}. */
  public Path worker(String worker) {
    return workers().resolve(worker + ".json");
  }

  /** {@code out/.workers/{worker}.name-{slot:08d}}: who holds a worker's name. */
  public Path workerName(String worker, int slot) {
    return workers().resolve(String.format(Locale.ROOT, "%s%s%08d", worker, NAME_MARK, slot));
  }

  /** {@code out/.workers/.names-{slot:08d}}: no slot of any name up to this one is given again. */
  public Path nameFloor(int slot) {
    return workers().resolve(String.format(Locale.ROOT, "%s%08d", FLOOR, slot));
  }

  /** {@code out/.scale}: who scales this storage root, and what it remembers of its tasks. */
  public Path scale() {
    return out().resolve(".scale");
  }

  /** {@code out/.scale/memory.json}: what the scaler remembers. */
  public Path scaleMemory() {
    return scale().resolve("memory.json");
  }

  /** {@code out/.scale/logs}: output files of the tasks that it submitted. */
  public Path scaleLogs() {
    return scale().resolve("logs");
  }

  /** {@code out/.slurm/{key}.json}: what a Slurm said last of a user's jobs, for all hosts. */
  public Path slurm(String key) {
    return out().resolve(".slurm").resolve(key + ".json");
  }

  /** {@code out/.slurm/{key}.ask-{generation:08d}}: somebody is asking for that answer. */
  public Path slurmAsk(String key, long generation) {
    return out()
        .resolve(".slurm")
        .resolve(String.format(Locale.ROOT, "%s.ask-%08d", key, generation));
  }

  /** {@code out/.batch}: job repositories. */
  public Path batch() {
    return out().resolve(".batch");
  }

  /** {@code out/.batch/{worker}.mv.db}: a worker's job repository. */
  public Path batch(String worker) {
    return batch().resolve(worker + BATCH_SUFFIX);
  }

  /** {@code out/{project}/.locks}. */
  public Path locks(String project) {
    return out().resolve(project).resolve(".locks");
  }

  /** {@code out/{project}/.locks/.format}: protocol version and primitive, write-once. */
  public Path format(String project) {
    return locks(project).resolve(".format");
  }

  /** {@code out/{project}/.locks/{run_id}.lock}: the claim log. */
  public Path lock(RunKey key) {
    return locks(key.project()).resolve(key.runId() + LOCK_SUFFIX);
  }

  /** {@code out/{project}/.locks/{run_id}.done}: hint that the log has ended. */
  public Path done(RunKey key) {
    return locks(key.project()).resolve(key.runId() + DONE_SUFFIX);
  }

  /** {@code out/{project}/.locks/{run_id}.resume.lock}: a trace of the earlier runner. */
  public Path resumeLock(RunKey key) {
    return locks(key.project()).resolve(key.runId() + ".resume.lock");
  }

  /** {@code out/{project}/.cache}. */
  public Path cache(String project) {
    return out().resolve(project).resolve(".cache");
  }

  /** {@code out/{project}/.locks/.entity}: the W&amp;B entity of this project, write-once. */
  public Path entity(String project) {
    return locks(project).resolve(".entity");
  }

  /** {@code out/{project}/.locks/.id}: what tells this lock directory from others, write-once. */
  public Path rootId(String project) {
    return locks(project).resolve(".id");
  }

  /** {@code out/{project}/.wandb}: what W&amp;B is still to be told, a file per run. */
  public Path outbox(String project) {
    return out().resolve(project).resolve(".wandb");
  }

  /** {@code out/{project}/.wandb/{run_id}.json}. */
  public Path outbox(String project, String runId) {
    return outbox(project).resolve(runId + OUTBOX_SUFFIX);
  }

  /** {@code wandb/offline-run-{started}-{run_id}}: where {@code wandb sync} looks. */
  public Path offlineRun(String started, String runId) {
    return root.resolve("wandb").resolve("offline-run-" + started + "-" + runId);
  }

  /**
   * {@code out/{project}/.cache/wandb-{name}.json}: an answer of W&amp;B that all workers share.
   */
  public Path wandbAnswer(String project, String name) {
    return cache(project).resolve("wandb-" + name + ".json");
  }

  /**
   * {@code out/{project}/.cache/wandb-{name}.ask-{generation:08d}}: somebody is asking for that
   * generation of the answer.
   */
  public Path wandbAsk(String project, String name, long generation) {
    return cache(project)
        .resolve(String.format(Locale.ROOT, "wandb-%s.ask-%08d", name, generation));
  }

  /** {@code out/{project}/{group}/{run_id}_s{seed}}. */
  public Path run(RunKey key) {
    return out().resolve(key.folder());
  }

  /** {@code config.json}: canonical config and its hash, write-once. */
  public Path config(RunKey key) {
    return run(key).resolve("config.json");
  }

  /** {@code meta}. */
  public Path metas(RunKey key) {
    return run(key).resolve("meta");
  }

  /**
   * {@code meta/{epoch}/run.log}: one claim's log until the run finishes. It lies outside the epoch
   * folder because a later claim removes that one.
   */
  public Path runLog(RunKey key, int epoch) {
    return meta(key, epoch).resolve(RUN_LOG);
  }

  /** {@code run.log}: the logs of all claims in order, once the run has finished. */
  public Path runLog(RunKey key) {
    return run(key).resolve(RUN_LOG);
  }

  /** {@code meta/{epoch}}. */
  public Path meta(RunKey key, int epoch) {
    return metas(key).resolve(Integer.toString(epoch));
  }

  /** {@code meta/{epoch}/program.json}: how a claim's program was run. */
  public Path program(RunKey key, int epoch) {
    return meta(key, epoch).resolve("program.json");
  }

  /** {@code out/{project}/{group}/.program.json}: how the group's first program was, write-once. */
  public Path firstProgram(RunKey key) {
    return run(key).resolveSibling(".program.json");
  }

  /** {@code work}: where a program works whose runs have one folder for all claims. */
  public Path work(RunKey key) {
    return run(key).resolve(WORK);
  }

  /** {@code epochs/{epoch}/work}: where a claim's program works that has a folder of its own. */
  public Path work(RunKey key, int epoch) {
    return epoch(key, epoch).resolve(WORK);
  }

  /** {@code epochs/{epoch}/program-metrics.jsonl}: where a claim's program may append rows. */
  public Path programMetrics(RunKey key, int epoch) {
    return epoch(key, epoch).resolve("program-metrics.jsonl");
  }

  /**
   * {@code epochs/{epoch}/wandb-history.jsonl}: the rows that a claim's program has logged, lines
   * as W&amp;B's history has them.
   */
  public Path loggedRows(RunKey key, int epoch) {
    return epoch(key, epoch).resolve("wandb-history.jsonl");
  }

  /**
   * {@code epochs/{epoch}/wandb-held.jsonl}: rows of which it is not known yet what step they get.
   */
  public Path heldRows(RunKey key, int epoch) {
    return epoch(key, epoch).resolve("wandb-held.jsonl");
  }

  /**
   * {@code meta/{epoch}/wandb}: what a claim's program has told of its run besides rows. In it
   * {@code run.json} (a {@code TrackedRun}), {@code events.jsonl}, {@code output.log}, {@code
   * alerts.jsonl} (a {@code TrackedAlert} each), {@code files/}, {@code artifacts/}.
   */
  public Path tracked(RunKey key, int epoch) {
    return meta(key, epoch).resolve("wandb");
  }

  /** {@code files} below {@link #tracked}: files under the names that the program gave them. */
  public static Path trackedFiles(Path tracked) {
    return tracked.resolve("files");
  }

  /**
   * {@code artifacts} below {@link #tracked}: for each a {@code NUMBER.json} (a {@code
   * TrackedArtifact}) and, in {@code NUMBER/}, its manifest and the content of its entries.
   */
  public static Path trackedArtifacts(Path tracked) {
    return tracked.resolve("artifacts");
  }

  /** {@code meta/wandb-shipped.jsonl}: which of those W&amp;B has; a line each. */
  public Path shipped(RunKey key) {
    return metas(key).resolve("wandb-shipped.jsonl");
  }

  /** {@code cwd}: the working directory of a program that has one per run. */
  public Path programCwd(RunKey key) {
    return run(key).resolve("cwd");
  }

  /** {@code epochs}. */
  public Path epochs(RunKey key) {
    return run(key).resolve("epochs");
  }

  /** {@code epochs/{epoch}}: everything a claim writes before publishing. */
  public Path epoch(RunKey key, int epoch) {
    return epochs(key).resolve(Integer.toString(epoch));
  }

  /** {@code epochs/{epoch}/rows.jsonl}: rows not yet covered by a publish. */
  public Path rows(RunKey key, int epoch) {
    return epoch(key, epoch).resolve("rows.jsonl");
  }

  /** {@code ckpt}. */
  public Path checkpoints(RunKey key) {
    return run(key).resolve("ckpt");
  }

  /** {@code ckpt/{name}}. */
  public Path checkpoint(RunKey key, String name) {
    return checkpoints(key).resolve(name);
  }

  /**
   * {@code {iter:07d}-e{epoch}}: a checkpoint's folder name, and its part's name before the suffix.
   */
  public static String publishedName(long iter, int epoch) {
    return String.format(Locale.ROOT, "%07d-e%d", iter, epoch);
  }

  /** A metric part's file name: that of the checkpoint it is published with, and a suffix. */
  public static String partName(long iter, int epoch) {
    return publishedName(iter, epoch) + ".jsonl";
  }

  /** Whether a file of this name in a claim's epoch folder holds what its program has logged. */
  public static boolean isLogged(String name) {
    return name.startsWith(LOGGED);
  }

  /** {@code ckpt/latest}: a hint. */
  public Path latest(RunKey key) {
    return checkpoints(key).resolve("latest");
  }

  /** {@code metrics}: published parts. */
  public Path parts(RunKey key) {
    return run(key).resolve("metrics");
  }

  /** {@code metrics/{name}}. */
  public Path part(RunKey key, String name) {
    return parts(key).resolve(name);
  }

  /** {@code metrics.jsonl}: the joined journal. */
  public Path journal(RunKey key) {
    return run(key).resolve("metrics.jsonl");
  }

  /** {@code FINISHED.json}: a hint for people and tools. */
  public Path finished(RunKey key) {
    return run(key).resolve("FINISHED.json");
  }

  /** {@code checkpoints}: belongs to the earlier Python runner and is never written. */
  public Path earlierCheckpoints(RunKey key) {
    return run(key).resolve("checkpoints");
  }

  private static final String RUN_LOG = "run.log";
  private static final String LOGGED = "wandb-";
  private static final String WORK = "work";

  /** What stands between a worker's name and the slot number of its holder. */
  public static final String NAME_MARK = ".name-";

  /** What stands before the number up to which no slot of a name is given again. */
  public static final String FLOOR = ".names-";

  /** Suffix of job repositories. */
  public static final String BATCH_SUFFIX = ".mv.db";

  /** Suffix of what waits in the outbox. */
  public static final String OUTBOX_SUFFIX = ".json";

  /** Suffix of lock folders. */
  public static final String LOCK_SUFFIX = ".lock";

  /** Suffix of the hint that a log has ended. */
  public static final String DONE_SUFFIX = ".done";
}
