package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.launch.Launch;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a program starts, and with what. The sweep lies in repo/sweeps, the worker elsewhere. */
class PreparationTests {
  private static final String PARAMETERS =
      "command: [\"${program}\", \"${args}\"]\n"
          + "parameters: {opt.lr: {values: [0.1, 0.2]}, seed: {value: 3}}\n";

  @TempDir Path folder;
  private Path own;
  private Path storage;
  private Path sweep;

  @BeforeEach
  void makeFolders() throws IOException {
    own = Files.createDirectory(folder.resolve("worker"));
    storage = folder.resolve("storage");
    sweep = folder.resolve("repo/sweeps/a.yaml");
  }

  private void with(String... files) throws IOException {
    for (String file : files) {
      Path path = folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "");
    }
  }

  private Points points(String head) throws IOException {
    return Claimed.points(sweep, head + PARAMETERS);
  }

  private Preparation preparation(Points points, String cwd, boolean perRun) {
    return preparation(points, cwd, perRun, Map.of());
  }

  private Preparation preparation(
      Points points, String cwd, boolean perRun, Map<String, String> environment) {
    return new Preparation(
        Claimed.site(storage, own, environment),
        points,
        Rules.in(cwd, perRun),
        Places.of(own, sweep));
  }

  private Path working(String program, String cwd) throws IOException {
    return preparation(points("program: " + program + "\n"), cwd, false).working();
  }

  @ParameterizedTest
  @CsvSource({
    "train.py, worker/train.py, worker",
    "train.py, repo/sweeps/train.py, repo/sweeps",
    "train.py, repo/train.py, repo",
    "./train.py, repo/train.py, repo",
    "scripts/train.py, repo/scripts/train.py, repo",
    "scripts/../train.py, repo/train.py, repo",
    "../train.py, repo/train.py, repo/sweeps",
    "train.py, none/train.py, worker",
    "/bin/true, repo/train.py, worker"
  })
  void it_starts_where_its_name_is_found_from(String program, String there, String expected)
      throws IOException {
    with(there);

    assertThat(working(program, "")).isEqualTo(folder.resolve(expected));
  }

  @Test
  void the_workers_own_folder_comes_first() throws IOException {
    with("repo/train.py", "worker/train.py");

    assertThat(working("train.py", "")).isEqualTo(own);
  }

  @Test
  void the_user_may_say_where() throws IOException {
    with("repo/train.py");

    assertThat(working("train.py", "sub/../other")).isEqualTo(own.resolve("other"));
    assertThat(working("train.py", folder.toString())).isEqualTo(folder);
  }

  @Test
  void a_command_without_a_program_starts_in_the_workers_own_folder() throws IOException {
    assertThat(preparation(points(""), "", false).working()).isEqualTo(own);
  }

  @Test
  void its_output_folder_is_the_runs_own_work() throws IOException {
    Points points = points("program: train.py\n");
    ClaimedRun run = Claimed.first(storage, points);
    Preparation preparation = preparation(points, "", false);

    Folders folders = preparation.folders(run, null);
    preparation.make(run, folders, null);

    assertThat(folders.out())
        .isEqualTo(new Layout(storage).run(run.point().key()).resolve("work"))
        .isDirectory();
    assertThat(folders.working()).isEqualTo(own);
  }

  @Test
  void each_run_may_have_a_working_directory_of_its_own() throws IOException {
    Points points = points("program: train.py\n");
    ClaimedRun run = Claimed.first(storage, points);
    Preparation preparation = preparation(points, "", true);

    Folders folders = preparation.folders(run, null);
    preparation.make(run, folders, null);

    assertThat(folders.working())
        .isEqualTo(new Layout(storage).run(run.point().key()).resolve("cwd"))
        .isDirectory();
  }

  @Test
  void with_the_pipelines_settings_the_runs_folder_itself_is_its_output_folder()
      throws IOException {
    Files.createDirectories(sweep.getParent());
    Files.writeString(
        sweep,
        "program: train.py\n"
            + "parameters: {experiment.max_compartments: 16, training.seed: {values: [5]}}\n");
    Points points =
        Points.of(SweepFileReader.read(sweep, Map.of()), Places.of(own, sweep)).forProgram();
    ClaimedRun run = Claimed.first(storage, points);

    Folders folders = preparation(points, "", false).folders(run, null);

    assertThat(folders.out()).isEqualTo(new Layout(storage).run(run.point().key()));
  }

  @Test
  void it_gets_its_parameters_and_its_names() throws IOException {
    Points points = points("project: p\nname: g\nprogram: ./train.py\n");
    ClaimedRun run = Claimed.first(storage, points);
    Preparation preparation = preparation(points, "", false);
    Folders folders = preparation.folders(run, null);
    preparation.make(run, folders, null);

    Launch.Start start = preparation.start(run, folders, "token", Map.of());
    Object lr = run.point().overrides().get("opt.lr");

    assertThat(start.argv()).containsExactly("./train.py", "--opt.lr=" + lr, "--seed=3");
    assertThat(start.folder()).isEqualTo(own);
    assertThat(start.environment())
        .containsEntry("WANDB_PROJECT", "p")
        .containsEntry("WANDB_RUN_GROUP", "g")
        .containsEntry("WANDB_NAME", "lr=" + lr)
        .containsEntry("WANDB_RUN_ID", run.point().runId())
        .containsEntry("OUT_DIR", folders.out().toString())
        .containsEntry("SWEEP_RUNNER_CLAIM", "token");
  }

  @ParameterizedTest
  @CsvSource({"'', mine, mine", "'', '', sweeps", "p, mine, p"})
  void the_users_project_stands_above_the_folders_name_and_below_the_files(
      String file, String environment, String project) throws IOException {
    Points points =
        points((file.isEmpty() ? "" : "project: " + file + "\n") + "program: ./train.py\n");
    ClaimedRun run = Claimed.first(storage, points);
    Preparation preparation = preparation(points, "", false, Map.of("WANDB_PROJECT", environment));
    Folders folders = preparation.folders(run, null);
    preparation.make(run, folders, null);

    assertThat(preparation.start(run, folders, "token", Map.of()).environment())
        .containsEntry("WANDB_PROJECT", project);
  }
}
