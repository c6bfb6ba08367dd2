package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.relay.files.StorePorts;
import dev.sweeprunner.relay.files.StoredFiles;
import dev.sweeprunner.testkit.relay.StoringProgram;
import dev.sweeprunner.wandb.offline.OfflineArtifact;
import dev.sweeprunner.wandb.offline.OfflineRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts of programs for the official sync. */
class OfflineArtifactsTests {
  @TempDir Path root;

  @Test
  void each_naming_has_contents_of_its_own_and_references_the_program_s_names() throws IOException {
    AtomicLong drawn = new AtomicLong();
    Path claim = root.resolve("1");
    StoringProgram program =
        new StoringProgram(
            StoredFiles.of(
                claim,
                List.of(),
                new StorePorts(
                    new LocalFiles(),
                    StoringProgram.ADDRESS,
                    () -> String.format("%032x", drawn.incrementAndGet()),
                    said -> {})),
            "r1");
    program.log("mod", "c1", Map.of("a", "weights"));
    program.log("mod", "c2", Map.of("a", "weights"));
    program.log("ref", "c3", Map.of("m", "wandb-client-artifact://c1/a"));

    OfflineRun run =
        new OfflineRun(
            "r1",
            "E",
            "P",
            null,
            null,
            null,
            List.of(),
            null,
            null,
            null,
            "h",
            Instant.EPOCH,
            Map.of());
    CargoList list = new CargoList(new LocalFiles(), List.of(claim));
    List<OfflineArtifact> placed =
        new OfflineArtifacts(new LocalFiles(), root.resolve("run"), run).place(list);

    assertThat(placed)
        .extracting(artifact -> String.valueOf(artifact.input().get("clientID")))
        .containsExactly("c1", "c2", "c3");
    String first = placed.get(0).entries().get(0).localPath();
    String second = placed.get(1).entries().get(0).localPath();
    assertThat(first).isNotEqualTo(second);
    assertThat(Path.of(first)).hasContent("weights").isAbsolute();
    assertThat(Path.of(second)).hasContent("weights");
    OfflineArtifact.Entry reference = placed.get(2).entries().get(0);
    assertThat(reference.ref()).isEqualTo("wandb-client-artifact://c1/a");
    assertThat(reference.localPath()).isNull();
  }
}
