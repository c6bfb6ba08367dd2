package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The folder of a run of a user's own program. */
class ProgramRunTests {
  @TempDir Path root;
  private RunFolder folder;
  private Layout layout;
  private Point point;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = new RunFolder(root);
    layout = folder.layout;
    point = point("{x: {value: 1.0}, name: {value: \"\\u5b9e\\u9a8c\"}}");
  }

  private Point point(String parameters) throws IOException {
    Path file =
        Files.writeString(
            root.resolve("own.yaml"),
            "project: p\nname: g\nprogram: train.py\nparameters: " + parameters);
    SweepFile sweep = SweepFileReader.read(file, Map.of());
    return Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE)).at(0);
  }

  private void claim(int epoch) throws IOException {
    folder.journal().open(point, epoch, 0).close();
  }

  @Test
  void its_config_is_its_parameters_and_its_goal_an_end_that_nobody_knows() throws IOException {
    claim(1);

    var config = JsonMapper.shared().readTree(folder.files.read(layout.config(point.key())));
    assertThat(config.path("v").intValue()).isEqualTo(1);
    assertThat(config.path("kind").stringValue()).isEqualTo("program");
    assertThat(config.path("config").path("name").stringValue()).isEqualTo("实验");
    assertThat(Files.readString(layout.config(point.key())))
        .contains(point.config().canonicalJson());
    assertThat(folder.journal().goal(point.key()))
        .contains(new Goal(0, 0, point.config().sha256()));
  }

  @Test
  void a_later_claim_finds_it_its_own() throws IOException {
    claim(1);
    byte[] before = folder.files.read(layout.config(point.key()));

    claim(2);

    assertThat(folder.files.read(layout.config(point.key()))).isEqualTo(before);
  }

  @Test
  void parameters_that_json_lacks_leave_a_config_that_can_be_read() throws IOException {
    point = point("{clip: {value: .inf}, low: {value: -.inf}, fill: {value: .nan}}");
    claim(1);

    claim(2);

    assertThat(folder.journal().goal(point.key()))
        .map(Goal::configSha256)
        .contains(point.config().sha256());
  }

  @Test
  void other_parameters_under_its_name_are_refused() throws IOException {
    claim(1);
    Point other = point("{x: {value: 2}}");
    Point collision = new Point(1, other.overrides(), other.config(), point.key(), null);

    assertThatThrownBy(() -> folder.journal().open(collision, 2, 0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(point.config().sha256())
        .hasMessageContaining(other.config().sha256());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"v\":1,\"run_id\":\"x\",\"kind\":\"prog",
        "{\"v\":1,\"kind\":\"program\",\"config\":{}}",
        "{\"v\":2,\"kind\":\"program\",\"sha256\":\"x\",\"config\":{}}",
        "{\"v\":1,\"sha256\":\"x\",\"config\":{\"x\":1.0}}"
      })
  void a_config_that_is_torn_newer_or_the_pipelines_is_refused(String text) throws IOException {
    folder.files.makeFolders(layout.run(point.key()));
    Files.writeString(layout.config(point.key()), text, US_ASCII);

    assertThatThrownBy(() -> claim(1)).isInstanceOf(UserError.class);
    assertThat(folder.journal().goal(point.key())).isEmpty();
  }

  @Test
  void how_a_claim_started_it_can_be_asked() throws IOException {
    write(
        layout.program(point.key(), 2),
        "{\"v\":1,\"argv\":[\"./train.py\",\"--x=1.0\"],\"cwd\":\"/home/ann\"}");

    assertThat(folder.journal().command(point.key(), 2))
        .contains("./train.py --x=1.0 in /home/ann");
    assertThat(folder.journal().command(point.key(), 1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"v\":1,\"argv\":[\"./tr"})
  void a_torn_record_of_a_start_says_nothing(String text) throws IOException {
    write(layout.program(point.key(), 1), text);

    assertThat(folder.journal().command(point.key(), 1)).isEmpty();
  }

  @Test
  void runs_are_found_by_their_id_with_and_without_a_seed() throws IOException {
    Files.createDirectories(layout.out().resolve("p/g/0a1b2c3d"));
    Files.createDirectories(layout.out().resolve("p/h/0a1b2c3d_s-7"));
    Files.createDirectories(layout.out().resolve("p/g/0a1b2c3d_sx"));
    Files.createDirectories(layout.out().resolve("p/g/0a1b2c3d-old"));
    Files.createDirectories(layout.out().resolve("p/g/11111111"));

    List<RunKey> found = new RunFolders(layout).find("0a1b2c3d");

    assertThat(found)
        .containsExactly(
            new RunKey("p", "g", "0a1b2c3d", null), new RunKey("p", "h", "0a1b2c3d", -7L));
    assertThat(layout.run(found.get(0))).isDirectory();
    assertThat(layout.run(found.get(1))).isDirectory();
  }

  @Test
  void a_run_that_is_locked_and_has_no_folder_yet_is_found_by_its_lock() throws IOException {
    RunKey key = new RunKey("p", "g", "0a1b2c3d", null);
    Files.createDirectories(layout.lock(key));

    List<RunKey> found = new RunFolders(layout).find("0a1b2c3d");

    assertThat(found).hasSize(1);
    assertThat(found.get(0).runId()).isEqualTo("0a1b2c3d");
    assertThat(layout.lock(found.get(0))).isEqualTo(layout.lock(key));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
