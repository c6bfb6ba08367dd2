package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.TaskProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskPlacementTests {
  private static final String OUTPUT = "/data/out/.scale/logs/%x-%A_%a.out";

  @TempDir Path folder;
  private Path launcher;
  private boolean named;

  @BeforeEach
  void aCheckoutAndAnotherFolder() throws IOException {
    launcher = Files.createDirectories(folder.resolve("checkout")).resolve("sweep-runner");
    Files.createDirectories(folder.resolve("checkout/slurm"));
    Files.writeString(folder.resolve("checkout/slurm/run_sweep.sh"), "#!/bin/bash");
    Files.createDirectories(folder.resolve("elsewhere"));
  }

  private TaskProfile placed(String from, String program, String script) {
    TaskProfile profile =
        new TaskProfile("gpu", "p", "1", 8, 2, List.of("--output=mine.out"), script);
    return new TaskPlacement(folder.resolve(from), program, named, OUTPUT).placed(profile);
  }

  @Test
  void the_task_finds_its_program_and_its_script_from_any_folder() {
    TaskProfile placed = placed("elsewhere", launcher.toString(), "slurm/run_sweep.sh");

    assertThat(placed)
        .isEqualTo(
            new TaskProfile(
                "gpu",
                "p",
                "1",
                8,
                2,
                List.of(
                    "--output=" + OUTPUT,
                    "--export=ALL,SWEEP_RUNNER=" + launcher,
                    "--output=mine.out"),
                folder.resolve("checkout/slurm/run_sweep.sh").toString()));
  }

  @Test
  void a_script_that_is_there_is_taken_and_one_that_is_nowhere_left_to_sbatch() {
    assertThat(placed("checkout", launcher.toString(), "slurm/run_sweep.sh").script())
        .isEqualTo("slurm/run_sweep.sh");
    assertThat(placed("elsewhere", launcher.toString(), "mine.sh").script()).isEqualTo("mine.sh");
    assertThat(placed("elsewhere", "", "slurm/run_sweep.sh").script())
        .isEqualTo("slurm/run_sweep.sh");
  }

  @Test
  void a_program_that_is_not_known_or_cannot_be_told_is_not_told() {
    assertThat(placed("checkout", "", "slurm/run_sweep.sh").flags())
        .containsExactly("--output=" + OUTPUT, "--output=mine.out");
    assertThat(placed("checkout", "/a,b/sweep-runner", "slurm/run_sweep.sh").flags())
        .noneMatch(flag -> flag.startsWith("--export"));
    named = true;
    TaskProfile placed = placed("elsewhere", launcher.toString(), "slurm/run_sweep.sh");
    assertThat(placed.flags()).noneMatch(flag -> flag.startsWith("--export"));
    assertThat(placed.script()).endsWith("checkout/slurm/run_sweep.sh");
  }
}
