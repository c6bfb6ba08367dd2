package dev.sweeprunner.testkit.wandb;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All artifacts of a server. Two of one collection with one digest are one artifact. May be used by
 * any thread.
 */
public final class ArtifactBook {
  private final List<FakeArtifact> all = new ArrayList<>();

  ArtifactBook() {}

  /** Every artifact, in the order of creation. */
  public synchronized List<FakeArtifact> all() {
    return List.copyOf(all);
  }

  /** The whole artifacts of a run, in the order of creation. */
  public List<FakeArtifact> of(RunAddress run) {
    return all().stream()
        .filter(one -> one.committed() && one.in(run.entity(), run.project()))
        .filter(one -> one.run().equals(run.name()))
        .toList();
  }

  /** The artifact that a client calls by that name, or null. */
  public @Nullable FakeArtifact byClientId(String client) {
    return all().stream().filter(one -> one.clientIds().contains(client)).findFirst().orElse(null);
  }

  synchronized FakeArtifact create(Map<String, @Nullable Object> input) {
    FakeArtifact asked = new FakeArtifact(all.size() + 1, input);
    FakeArtifact there =
        all.stream()
            .filter(one -> one.inCollectionOf(asked) && one.digest().equals(asked.digest()))
            .findFirst()
            .orElse(null);
    if (there == null) {
      all.add(asked);
    }
    FakeArtifact artifact = there == null ? asked : there;
    artifact.calledFor(input);
    if (input.get("aliases") instanceof List<?> aliases) {
      for (Object alias : aliases) {
        String name = String.valueOf(Json.members(alias).get("alias"));
        all.stream()
            .filter(one -> one.inCollectionOf(artifact))
            .forEach(one -> one.alias(name, one == artifact));
      }
    }
    return artifact;
  }

  @Nullable FakeArtifact find(String id) {
    return all().stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
  }

  /** The artifact that an entry's {@code ref} names, or null. */
  @Nullable FakeArtifact byReference(String ref) {
    String hex = ref.substring("wandb-artifact://".length()).replaceFirst("/.*", "");
    try {
      return find(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)));
    } catch (IllegalArgumentException notHex) {
      return null;
    }
  }

  @Nullable FakeArtifact latest(FakeArtifact of) {
    return all().stream()
        .filter(one -> one.committed() && one.inCollectionOf(of))
        .reduce((a, b) -> a.version() > b.version() ? a : b)
        .orElse(null);
  }

  synchronized void commit(FakeArtifact artifact) {
    if (!artifact.committed()) {
      FakeArtifact latest = latest(artifact);
      artifact.commit(latest == null ? 0 : latest.version() + 1);
    }
  }
}
