package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.json.Members;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson.Verbatim;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.RunUpsert;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What W&amp;B is told of a run besides its rows; kept on disk until everything has been told, so
 * that a process without the sweep file can tell it too.
 *
 * @param key the run's names on disk
 * @param project W&amp;B's project
 * @param group for the UI
 * @param displayName for the UI, or null to leave W&amp;B its own
 * @param notes for the UI, or null
 * @param host where the newest claim runs
 * @param commit of the sweep file's work tree, or null
 * @param started when the first claim began, whole seconds
 * @param claimant who has the run
 * @param config the whole config, as W&amp;B shows it
 * @param told rows that W&amp;B had when delivery stalled, while it has; else null
 */
record RunDescriptor(
    RunKey key,
    String project,
    String group,
    @Nullable String displayName,
    @Nullable String notes,
    String host,
    @Nullable String commit,
    Instant started,
    Claimant claimant,
    Map<String, @Nullable Object> config,
    @Nullable Long told) {
  private static final String PROGRAM = "sweep-runner";

  /** The run's address. */
  RunPath path(String entity) {
    return new RunPath(entity, project, key.runId());
  }

  /** Creates or renews the run, in this claim's name. */
  RunUpsert upsert(String entity, @Nullable String storageId) {
    return new RunUpsert(
        path(entity),
        storageId,
        whole(),
        group,
        displayName,
        notes,
        host,
        PROGRAM,
        commit,
        List.of());
  }

  /** As above, of a run that its program describes: of this card, what the program leaves open. */
  RunUpsert upsert(String entity, @Nullable String storageId, TrackedRun run) {
    TrackedRun.Names names = run.names();
    return new RunUpsert(
        path(entity),
        storageId,
        whole(run),
        names.group() == null ? group : names.group(),
        names.displayName() == null ? displayName : names.displayName(),
        names.notes() == null ? notes : names.notes(),
        names.jobType(),
        names.host() == null ? host : names.host(),
        names.program(),
        names.commit(),
        names.repository(),
        names.tags().isEmpty() ? null : names.tags());
  }

  /** The program's config as it was written, with the claim's own entry. */
  Map<String, @Nullable Object> whole(TrackedRun run) {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>();
    whole.put("_wandb", Map.of("t", Map.of()));
    try {
      for (Map.Entry<String, String> entry : Members.of(run.config()).entrySet()) {
        whole.put(entry.getKey(), new Verbatim(unwrapped(entry.getValue())));
      }
    } catch (UnreadableJson e) {
      throw new IllegalStateException("the program's config is no JSON", e);
    }
    whole.put(Claimant.KEY, claimant.members());
    return Collections.unmodifiableMap(whole);
  }

  private static String unwrapped(String entry) throws UnreadableJson {
    return entry.startsWith("{") ? Members.of(entry).getOrDefault("value", "null") : entry;
  }

  /** The config with the claim's own entry and the telemetry that a resuming client looks for. */
  Map<String, @Nullable Object> whole() {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>(config);
    whole.put(Claimant.KEY, claimant.members());
    // Without "t" the official client takes a run for one that never started.
    whole.put("_wandb", Map.of("t", Map.of(), "cli_version", PROGRAM));
    return Collections.unmodifiableMap(whole);
  }

  /**
   * Who else is working on the run, by another lock directory's claim. A heartbeat that stands
   * still is no proof of an end: what we have to tell can wait until W&amp;B says that it ended.
   */
  Optional<Claimant> rival(RemoteRun there) {
    return Claimant.in(there.config())
        .filter(by -> RemoteStates.of(there).working() && !by.sharesRootWith(claimant));
  }

  /** The card of a run that its program writes beside this one. */
  RunDescriptor beside(String name) {
    String number = name.substring(key.runId().length());
    return new RunDescriptor(
        new RunKey(key.project(), key.group(), name, key.seed()),
        project,
        group,
        displayName == null ? null : displayName + number,
        notes,
        host,
        commit,
        started,
        claimant,
        config,
        null);
  }

  /** The same card, begun when an older one says. */
  RunDescriptor begun(Instant first) {
    return new RunDescriptor(
        key, project, group, displayName, notes, host, commit, first, claimant, config, told);
  }

  /** The same card with what W&amp;B had when delivery stalled, or null where it has not. */
  RunDescriptor told(@Nullable Long rows) {
    return new RunDescriptor(
        key, project, group, displayName, notes, host, commit, started, claimant, config, rows);
  }
}
