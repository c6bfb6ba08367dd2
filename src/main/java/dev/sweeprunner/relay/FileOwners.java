package dev.sweeprunner.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose files and artifacts an operation is about. Most name the run, or an artifact by the id that
 * it was given when it was made; ranks that make the same one are told apart by their connections.
 * What names neither is taken for the claim's. Any thread.
 */
final class FileOwners {
  private static final int MOST = 10_000;
  private static final List<String> RUN = List.of("run", "runName");
  private static final List<String> ARTIFACT =
      List.of("artifactID", "artifactId", "clientID", "clientId", "id");

  private final Runs runs;
  private final LiveRun claim;
  private final Map<String, List<LiveRun>> owners =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<LiveRun>> eldest) {
          return size() > MOST;
        }
      };

  FileOwners(Runs runs, LiveRun claim) {
    this.runs = runs;
    this.claim = claim;
  }

  /** The run that an operation is about. */
  LiveRun of(Operation asked, String connection) {
    for (String name : RUN) {
      LiveRun run = runs.named(asked.text(name));
      if (run != null) {
        run.heardOn(connection);
        return run;
      }
    }
    List<LiveRun> known = makers(asked);
    LiveRun first = known.isEmpty() ? claim : known.get(0);
    return known.stream().filter(run -> run.hears(connection)).findAny().orElse(first);
  }

  private List<LiveRun> makers(Operation asked) {
    return Stream.concat(
            ARTIFACT.stream().map(asked::text),
            Stream.of(asked.textInFirst("artifactFiles", "artifactID")))
        .map(this::known)
        .filter(known -> !known.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  /** An operation about this run was answered so. */
  void learn(Operation asked, Map<String, @Nullable Object> data, LiveRun run) {
    if (data.get("createArtifact") instanceof Map<?, ?> created
        && created.get("artifact") instanceof Map<?, ?> artifact) {
      add(String.valueOf(artifact.get("id")), run);
      add(asked.text("clientID"), run);
    }
  }

  private synchronized List<LiveRun> known(String id) {
    return List.copyOf(owners.getOrDefault(id, List.of()));
  }

  private synchronized void add(String id, LiveRun run) {
    List<LiveRun> known = owners.computeIfAbsent(id, none -> new ArrayList<>());
    if (!id.isEmpty() && !known.contains(run)) {
      known.add(run);
    }
  }
}
