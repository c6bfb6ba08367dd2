package dev.sweeprunner.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Relay;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose files an operation is about. */
class FileOwnersTests {
  private final LiveRun claim = run("");
  private final LiveRun second = run("-2");
  private final Runs runs = new Runs(claim, List.of(), beside -> second, () -> Set.of("c1", "c2"));
  private final FileOwners owners = new FileOwners(runs, claim);

  FileOwnersTests() throws IOException {
    runs.open(told("c1"));
    runs.open(told("c2"));
  }

  @Test
  void what_names_a_run_is_about_that_one() {
    assertThat(owners.of(asked("CreateRunFiles", Map.of("run", "r-2")), "c9")).isSameAs(second);
    assertThat(owners.of(asked("CreateArtifact", input("runName", "r-2")), "c9")).isSameAs(second);
    assertThat(owners.of(asked("CreateArtifact", input("runName", "r")), "c9")).isSameAs(claim);
  }

  @Test
  void what_names_an_artifact_is_about_the_run_that_made_it() {
    Operation made = asked("CreateArtifact", Map.of("runName", "r-2", "clientID", "client"));
    owners.learn(made, created("a1"), second);

    assertThat(owners.of(asked("CommitArtifact", Map.of("artifactID", "a1")), "c9"))
        .isSameAs(second);
    Object files = List.of(Map.of("artifactID", "a1", "name", "x"));
    assertThat(owners.of(asked("CreateArtifactFiles", Map.of("artifactFiles", files)), "c9"))
        .isSameAs(second);
    assertThat(owners.of(asked("CreateArtifactFiles", input("artifactFiles", files)), "c9"))
        .isSameAs(second);
    assertThat(owners.of(asked("CreateArtifactFiles", Map.of("artifactFiles", List.of())), "c9"))
        .isSameAs(claim);
    assertThat(owners.of(asked("ArtifactByID", Map.of("id", "a1")), "c9")).isSameAs(second);
    assertThat(owners.of(asked("LinkArtifact", input("clientID", "client")), "c9"))
        .isSameAs(second);
    assertThat(owners.of(asked("CommitArtifact", Map.of("artifactID", "a2")), "c9"))
        .isSameAs(claim);
  }

  @Test
  void ranks_that_make_the_same_artifact_are_told_apart_by_their_connections() {
    owners.learn(asked("CreateArtifact", Map.of("runName", "r")), created("a1"), claim);
    owners.learn(asked("CreateArtifact", Map.of("runName", "r-2")), created("a1"), second);

    Operation commit = asked("CommitArtifact", Map.of("artifactID", "a1"));

    assertThat(owners.of(commit, "c1")).isSameAs(claim);
    assertThat(owners.of(commit, "c2")).isSameAs(second);
    assertThat(owners.of(commit, "c9")).isSameAs(claim);
  }

  @Test
  void what_names_nothing_is_about_the_claims() {
    assertThat(owners.of(asked("ArtifactType", Map.of()), "c2")).isSameAs(claim);
  }

  private static LiveRun run(String number) {
    return new LiveRun(
        "r" + number, number, new ToldBook(new Relay.Base.Fresh()), new ToldStore("http://x"));
  }

  private static Runs.Description told(String connection) {
    return new Runs.Description("r", "", true, false, connection, Map.of());
  }

  private static Map<String, Object> input(String name, Object value) {
    return Map.of("input", Map.of(name, value));
  }

  private static Map<String, @Nullable Object> created(String id) {
    return new HashMap<>(Map.of("createArtifact", Map.of("artifact", Map.of("id", id))));
  }

  private static Operation asked(String name, Map<String, ?> variables) {
    return new Operation(name, "", new LinkedHashMap<>(variables));
  }
}
