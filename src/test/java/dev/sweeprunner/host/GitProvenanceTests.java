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
  private final GitProvenance provenance =
      new GitProvenance(new Environment(Map.of(), Map.of("java.runtime.version", "17.0.1")));

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

  @Test
  void outside_a_work_tree_there_is_no_commit() {
    var told = provenance.of(root.resolve("a.yaml"), "0.1.0");

    assertThat(told.commit()).isNull();
    assertThat(told.diff()).isEmpty();
  }
}
