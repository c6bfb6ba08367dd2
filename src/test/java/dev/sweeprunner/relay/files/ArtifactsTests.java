package dev.sweeprunner.relay.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.TrackedArtifact;
import dev.sweeprunner.testkit.MortalFiles;
import dev.sweeprunner.testkit.relay.StoringProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts that programs log. */
class ArtifactsTests {
  private static final Map<String, String> ENTRIES = Map.of("model.bin", "weights", "a/b", "more");

  @TempDir Path root;
  private final Stores stores = new Stores();

  @Test
  void an_artifact_is_kept_with_its_content_and_what_was_said_of_it() throws Exception {
    StoredFiles store = store("1");
    String id = new StoringProgram(store, "r1").log("mod", "c1", ENTRIES, "latest", "best");

    TrackedArtifact kept = kept("1").get(0);
    assertThat(kept.id()).isEqualTo(id);
    assertThat(kept.version()).isZero();
    assertThat(kept.clientIds()).containsExactly("c1");
    assertThat(kept.inputs().get(0)).containsEntry("metadata", "{\"k\":1.50}");
    assertThat(kept.files()).containsEntry("model.bin", StoringProgram.md5("weights"));
    Path contents = contents("1", kept);
    assertThat(contents.resolve(TrackedArtifact.contentName("a/b"))).hasContent("more");
    assertThat(contents.resolve(TrackedArtifact.MANIFEST)).content().contains("model.bin");
  }

  @Test
  void who_waits_for_it_sees_it() throws IOException {
    StoredFiles store = store("1");
    String id = new StoringProgram(store, "r1").log("mod", "c1", ENTRIES, "best");

    Object seen =
        StoringProgram.at(store.answer("ArtifactByID", Map.of("id", id)).orElseThrow(), "artifact");
    assertThat(StoringProgram.at(seen, "state")).isEqualTo("COMMITTED");
    assertThat(StoringProgram.at(seen, "versionIndex")).isEqualTo(0);
    assertThat(StoringProgram.at(seen, "artifactSequence", "name")).isEqualTo("mod");
    assertThat(StoringProgram.at(seen, "artifactSequence", "project", "entity", "name"))
        .isEqualTo("E");
    assertThat(StoringProgram.at(seen, "aliases")).asString().contains("best");
  }

  @Test
  void two_equal_ones_are_one_with_two_names() throws Exception {
    StoringProgram program = new StoringProgram(store("1"), "r1");
    String first = program.log("mod", "c1", ENTRIES, "latest");
    String second = program.log("mod", "c2", ENTRIES, "latest");
    program.log("mod", "c2", ENTRIES, "latest");
    String other = program.log("mod", "c3", Map.of("model.bin", "other"), "latest");

    assertThat(second).isEqualTo(first).isNotEqualTo(other);
    assertThat(kept("1")).extracting(TrackedArtifact::version).containsExactlyInAnyOrder(0, 1);
    assertThat(kept("1"))
        .extracting(TrackedArtifact::clientIds)
        .containsExactlyInAnyOrder(List.of("c1", "c2"), List.of("c3"));
  }

  @Test
  void an_heir_knows_what_is_whole_and_begins_the_rest_anew() throws Exception {
    StoringProgram dead = new StoringProgram(store("1"), "r1");
    String whole = dead.log("mod", "c1", ENTRIES);
    StoredFiles first = store("1");
    first.answer(
        "CreateArtifact", Map.of("artifactCollectionName", "half", "digest", "d", "clientID", "h"));
    StoredFiles heir = store("2", "1");
    StoringProgram program = new StoringProgram(heir, "r1");

    assertThat(program.log("mod", "c9", ENTRIES)).isEqualTo(whole);
    program.log("mod", "c10", Map.of("model.bin", "new"));
    assertThat(
            StoringProgram.at(
                heir.answer("ClientIDMapping", Map.of("clientID", "c1")).orElseThrow(),
                "clientIDMapping",
                "serverID"))
        .isEqualTo(whole);
    assertThat(heir.answer("ClientIDMapping", Map.of("clientID", "h")).orElseThrow())
        .containsEntry("clientIDMapping", null);
    assertThat(kept("2")).extracting(TrackedArtifact::version).containsExactlyInAnyOrder(0, 1);
    assertThat(Files.exists(contents("2", kept("1").get(0)).resolve("manifest.json"))).isFalse();
  }

  @Test
  void older_clients_spell_their_variables_at_the_top() throws IOException {
    StoredFiles store = store("1");
    Map<String, ?> answer =
        store
            .answer(
                "CreateArtifact",
                Map.of(
                    "artifactTypeName",
                    "t",
                    "artifactCollectionName",
                    "n",
                    "digest",
                    "d",
                    "clientID",
                    "c"))
            .orElseThrow();
    Object id = StoringProgram.at(answer, "createArtifact", "artifact", "id");
    Map<String, ?> files =
        store
            .answer(
                "CreateArtifactFiles",
                Map.of(
                    "storageLayout",
                    "V2",
                    "artifactFiles",
                    List.of(
                        Map.of("artifactID", id, "name", "z", "md5", "m"),
                        Map.of("artifactID", id, "name", "y", "md5", "m"))))
            .orElseThrow();

    List<?> edges = (List<?>) StoringProgram.at(files, "createArtifactFiles", "files", "edges");
    assertThat(edges)
        .extracting(edge -> StoringProgram.at(edge, "node", "artifact", "id"))
        .containsExactly(id, id);
  }

  @Test
  void what_is_not_whole_cannot_be_committed() throws IOException {
    StoredFiles store = store("1");
    Object id =
        StoringProgram.at(
            store
                .answer("CreateArtifact", Map.of("artifactCollectionName", "n", "clientID", "c"))
                .orElseThrow(),
            "createArtifact",
            "artifact",
            "id");

    assertThatThrownBy(() -> store.answer("CommitArtifact", Map.of("artifactID", id)))
        .isInstanceOf(RelayRefusal.class)
        .hasMessage("The artifact n is not whole and was not kept");
  }

  @Test
  void what_is_asked_of_others_artifacts_is_refused_in_words_and_said_once() {
    StoredFiles store = store("1");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.answer("ArtifactMembershipByName", Map.of("name", "x:latest")))
          .isInstanceOf(RelayRefusal.class)
          .hasMessageContaining("--relay off");
    }
    assertThat(stores.said).hasSize(1);
    assertThatThrownBy(() -> store.answer("ArtifactByID", Map.of("id", "QXJ0")))
        .isInstanceOf(RelayRefusal.class);
  }

  @Test
  void a_damaged_record_is_left_out_and_said() throws Exception {
    new StoringProgram(store("1"), "r1").log("mod", "c1", ENTRIES);
    Path record =
        Layout.trackedArtifacts(root.resolve("1")).resolve(kept("1").get(0).number() + ".json");
    Files.writeString(record, "{\"v\":1,\"ord");

    new StoringProgram(store("2", "1"), "r1").log("mod", "c2", ENTRIES);
    assertThat(stores.said).singleElement().asString().contains("cannot be read");
    assertThat(kept("2")).hasSize(1);
  }

  @Test
  void a_store_that_is_killed_at_any_change_holds_the_same_once_it_is_done_again()
      throws Exception {
    int changes = -1;
    for (int kill = 0; changes < 0; kill++) {
      String first = "k" + kill + "a";
      String heir = "k" + kill + "b";
      try {
        play(stores.store(new MortalFiles(kill), root.resolve(first), List.of(), Bounds.USUAL));
        changes = kill;
      } catch (MortalFiles.Killed killed) {
        Files.writeString(
            Files.createDirectories(root.resolve(first).resolve("files")).resolve(".t.cut"), "ha");
      }
      play(store(heir, first));
      // A life of the same claim goes on in the same folder.
      play(store(first));

      for (String claim : List.of(first, heir)) {
        assertThat(kept(claim))
            .as(claim)
            .allMatch(TrackedArtifact::committed)
            .extracting(TrackedArtifact::collection)
            .containsExactlyInAnyOrder("mod", "ref");
      }
      assertThat(root.resolve(heir).resolve("files/live.txt")).hasContent("x");
      try (Stream<Path> walk = Files.walk(root.resolve(first))) {
        assertThat(walk.map(Path::toString)).noneMatch(path -> path.contains(".t."));
      }
    }
    assertThat(changes).isGreaterThan(15);
  }

  private static void play(StoredFiles store) throws IOException {
    StoringProgram program = new StoringProgram(store, "r1");
    program.save("live.txt", "x");
    program.log("mod", "c1", ENTRIES, "latest");
    program.log("ref", "c2", Map.of("m", "wandb-client-artifact://c1/model.bin"), "latest");
  }

  private StoredFiles store(String claim, String... earlier) {
    return stores.store(
        new LocalFiles(),
        root.resolve(claim),
        Stream.of(earlier).map(root::resolve).toList(),
        Bounds.USUAL);
  }

  private Path contents(String claim, TrackedArtifact artifact) {
    return Layout.trackedArtifacts(root.resolve(claim)).resolve(artifact.number() + "");
  }

  private List<TrackedArtifact> kept(String claim) throws IOException, UnreadableJson {
    List<TrackedArtifact> kept = new java.util.ArrayList<>();
    try (Stream<Path> all = Files.list(Layout.trackedArtifacts(root.resolve(claim)))) {
      for (Path file : all.filter(path -> path.toString().endsWith(".json")).toList()) {
        kept.add(TrackedArtifact.read(Files.readString(file, UTF_8).getBytes(UTF_8)));
      }
    }
    return kept;
  }
}
