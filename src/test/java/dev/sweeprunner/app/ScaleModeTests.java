package dev.sweeprunner.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.SweepRunner;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.ScalerSeat;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code scale} as processes, one after another as cron starts them, with a Slurm that takes every
 * task and has forgotten it at the next look.
 */
class ScaleModeTests {
  private static final String SWEEP =
      """
      project: p
      name: n
      method: grid
      parameters:
        data.source: uniform
        model.vocab_size: 4
        model.block_size: 8
        model.n_embd: 8
        model.n_head: 2
        experiment.max_compartments: 16
        training.seed: {values: [1, 2, 3, 4, 5]}
      """;

  /** An answer without a job, with the headings that were asked for. */
  private static final String SQUEUE =
      """
      for word in "$@"; do case $word in --Format=*) format=${word#--Format=};; esac; done
      echo "${format-}" | awk -F, '{
        split("ArrayJobID ARRAY_JOB_ID ArrayTaskID ARRAY_TASK_ID RestartCnt RESTART_COUNT" \\
          " TimeLeft TIME_LEFT TimeUsed TIME", known, " ")
        for (i = 1; i < 10; i += 2) heading[known[i]] = known[i + 1]
        for (i = 1; i <= NF; i++) {
          split($i, field, ":")
          name = field[1] in heading ? heading[field[1]] : toupper(field[1])
          line = line sprintf("%-" field[2] "s", name)
        }
        if (NF > 0) print line
      }'
      """;

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void aSweepAndASlurm() throws IOException {
    Files.createDirectories(folder.resolve("checkout/slurm"));
    Files.writeString(folder.resolve("checkout/slurm/run_sweep.sh"), "#!/bin/bash");
    Files.createDirectories(folder.resolve("sweeps"));
    Files.writeString(folder.resolve("sweeps/a.yaml"), SWEEP);
    Files.writeString(folder.resolve("sweeps/active.txt"), "a.yaml # the only one\n");
    out = folder.resolve("st/out/.scale");
    Path bin = Files.createDirectory(folder.resolve("bin"));
    FakeProgram.put(bin, "squeue", SQUEUE);
    FakeProgram.put(
        bin,
        "scontrol",
        "[ \"$2\" = config ] && printf 'ClusterName = a\\nSlurmctldHost[0] = ctl\\n"
            + "SlurmctldPort = 6817\\nKillWait = 30 sec\\n'");
    FakeProgram.put(bin, "sbatch", "echo \"$@\" >> '" + folder + "/sbatch'; echo 100");
  }

  /** Exit code, output and errors of one call. */
  private record Ended(int code, String out, String err) {}

  private Ended call(String... words) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    line.add("-Dsweep-runner.launcher=" + folder.resolve("checkout/sweep-runner"));
    line.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
    line.add(SweepRunner.class.getName());
    line.addAll(List.of(words));
    line.addAll(
        List.of("--sweeps-from", "sweeps/active.txt", "--storage", "st", "--wandb", "disabled"));
    line.addAll(List.of("--slurm.bin", folder.resolve("bin").toString()));
    Path said = folder.resolve("said");
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectOutput(said.toFile())
            .redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(SLURM|SWEEP|XDG|TC)_.*"));
    builder.environment().put("HOME", folder.toString());
    int code = builder.start().waitFor();
    return new Ended(code, Files.readString(said, UTF_8), Files.readString(errors, UTF_8));
  }

  private static String absolute(String classPath) {
    return String.join(
        ":",
        List.of(classPath.split(":")).stream()
            .map(part -> Path.of(part).toAbsolutePath().toString())
            .toList());
  }

  private List<String> submitted() throws IOException {
    Path calls = folder.resolve("sbatch");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  @Test
  void a_dry_run_writes_nothing() throws Exception {
    Ended dry = call("scale");

    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out())
        .startsWith("5 runs: 5 to claim, 0 taken, 0 ended\nTasks sr-")
        .contains("profiles: no file; the default")
        .contains("Would submit 4 tasks as default (limit 8):")
        .endsWith("Nothing was changed; --submit does it.\n");
    assertThat(submitted()).isEmpty();
    assertThat(folder.resolve("st")).doesNotExist();
  }

  @Test
  void what_failed_is_remembered_by_the_next_process_and_shown_by_status() throws Exception {
    Ended first = call("scale", "--once", "--partition", "gpu");

    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).isEqualTo("gpu: Submitted 100_0 to 100_3\n");
    assertThat(submitted())
        .singleElement()
        .asString()
        .contains("--output=" + out.toRealPath() + "/logs/%x-%A_%a.out")
        .contains("--export=ALL,SWEEP_RUNNER=" + folder.resolve("checkout/sweep-runner"))
        .contains("--array=0-3 " + folder.resolve("checkout/slurm/run_sweep.sh"))
        .contains(" --sweeps-from sweeps/active.txt --storage st --wandb disabled");
    assertThat(out.resolve("logs")).isDirectory();
    Files.writeString(out.resolve("logs/sr-12345678-gpu-100_1.out"), "no such program");

    Ended second = call("scale", "--once", "--partition", "gpu");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.out()).contains("gpu: 4 starts in a row came to nothing");
    assertThat(call("scale", "--once", "--partition", "gpu").out()).as("said once").isEmpty();
    assertThat(submitted()).hasSize(1);

    assertThat(call("scale", "--partition", "gpu").out()).contains("gpu: paused until ");
    assertThat(call("status").out())
        .contains("No scale runs here now; the last was scale on ", "gpu is paused until ");
    assertThat(call("status", "--format", "json").out()).doesNotContain("paused");
  }

  @Test
  void a_damaged_memory_is_told_and_begun_anew() throws Exception {
    call("scale", "--once");
    Files.writeString(out.resolve("memory.json"), "{\"v\":1,\"profiles\":{\"default\":3}}");

    Ended next = call("scale", "--once");

    assertThat(next.code()).as(next.err()).isZero();
    assertThat(next.err()).containsOnlyOnce("memory.json is damaged (").startsWith("Warning: ");
    assertThat(submitted()).hasSize(2);
    Files.writeString(out.resolve("memory.json"), "{\"v\":2}");
    assertThat(call("scale", "--once").code()).isEqualTo(2);
  }

  @Test
  void where_another_scales_nothing_is_done_and_cron_hears_of_it_once() throws Exception {
    Owner other = new Owner("i", "scale", "c", "node7", "m", "b", 412, "1", "1", "ada", "", null);
    ScalerSeat.Around unknown =
        new ScalerSeat.Around(
            owner -> Processes.Verdict.UNKNOWN, Scheduler.none(), new SettableClock());
    new ScalerSeat(new LocalFiles(), out, other, unknown, Duration.ofMinutes(10)).take();
    String who = "scale on node7 (pid 412, ada) has this storage root, last seen ";

    Ended first = call("scale", "--once");
    assertThat(first.code()).as(first.err()).isEqualTo(75);
    assertThat(first.out()).startsWith(who).endsWith("; nothing was done.\n");
    Ended second = call("scale", "--once");
    assertThat(second.code()).isEqualTo(75);
    assertThat(second.out()).isEmpty();
    assertThat(call("scale", "--submit").out()).startsWith(who);
    assertThat(call("scale").out()).startsWith(who).contains("Would submit 4 tasks");
    assertThat(call("status").out())
        .contains("Tasks are submitted by scale on node7 (pid 412, ada)");
    assertThat(submitted()).isEmpty();
  }
}
