package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitProvenanceTests {
  @TempDir Path root;
  private final GitProvenance provenance = provenance(true);

  @Test
  void commit_changes_and_versions_are_told() throws IOException {
    var repositories = Repositories.make(root);
    var clean = provenance.of(repositories.sweep(), "0.1.0");
    Files.writeString(repositories.sweep(), "method: grid\nname: changed\n");
    var changed = provenance.of(repositories.sweep(), "0.1.0");

    assertThat(clean.commit()).isEqualTo(repositories.git(repositories.work, "rev-parse", "HEAD"));
    assertThat(clean.diff()).isEmpty();
    assertThat(clean.versions()).containsEntry("sweep-runner", "0.1.0").containsKeys("java", "os");
    assertThat(clean.versions().get("java")).contains("17.0.1");
    assertThat(changed.commit()).isEqualTo(clean.commit());
    assertThat(changed.diff()).contains("+name: changed").contains("sweeps/a.yaml");
  }

  @Test
  void changes_that_are_too_many_are_cut_and_say_so() throws IOException {
    var repositories = Repositories.make(root);
    Files.writeString(repositories.sweep(), "x".repeat(79).concat("\n").repeat(20_000));

    var diff = provenance.of(repositories.sweep(), "0.1.0").diff();

    assertThat(diff).hasSizeBetween(1 << 20, (1 << 20) + 100);
    assertThat(diff.lines().reduce((a, b) -> b).orElseThrow())
        .matches("# cut here: [0-9]+ more bytes");
  }

  private static GitProvenance provenance(boolean withDiff) {
    return new GitProvenance(
        new Environment(Map.of(), Map.of("java.runtime.version", "17.0.1")), withDiff);
  }

  @Test
  void secrets_in_the_changes_are_left_out_and_that_is_said() throws IOException {
    var repositories = Repositories.make(root);
    var env = repositories.work.resolve("sweeps/.env");
    Files.writeString(env, "A=1\n");
    repositories.git(repositories.work, "add", "-f", "sweeps/.env");
    Files.writeString(env, "WORD=hunter2\n");
    var key = "0123456789abcdef0123".repeat(2);
    Files.writeString(repositories.sweep(), "method: grid\nname: changed\nwandb: " + key + "\n");

    var diff = provenance.of(repositories.sweep(), "0.1.0").diff();

    assertThat(diff)
        .contains("+name: changed", "+wandb: [secret left out]", "sweeps/.env")
        .contains("# left out: by its name this file holds secrets")
        .endsWith("# secrets left out: in 1 line, 1 file\n")
        .doesNotContain(key)
        .doesNotContain("hunter2");
  }

  @Test
  void the_changes_can_be_turned_off() throws IOException {
    var repositories = Repositories.make(root);
    Files.writeString(repositories.sweep(), "method: grid\nname: changed\n");

    var told = provenance(false).of(repositories.sweep(), "0.1.0");

    assertThat(told.commit()).isNotNull();
    assertThat(told.diff()).isEqualTo("# not kept: git.diff is false\n");
  }

  @Test
  void outside_a_work_tree_there_is_no_commit() {
    var told = provenance.of(root.resolve("a.yaml"), "0.1.0");

    assertThat(told.commit()).isNull();
    assertThat(told.diff()).isEmpty();
  }
}
