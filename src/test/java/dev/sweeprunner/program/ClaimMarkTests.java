package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.guard.Kin;
import dev.sweeprunner.run.ClaimedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what the processes of one claim are told from those of all others. */
class ClaimMarkTests {
  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Points points;

  @BeforeEach
  void makePoints() throws IOException {
    points =
        Claimed.points(folder.resolve("a.yaml"), "program: x.py\nparameters: {x: {values: [1]}}");
  }

  @AfterEach
  void endThem() {
    started.forEach(Process::destroyForcibly);
  }

  private ClaimMark mark(Path storage) throws IOException {
    ClaimedRun run = Claimed.first(storage, points);
    Path runFolder = new Layout(storage).run(run.point().key());
    Files.createDirectories(runFolder);
    return ClaimMark.of(runFolder, run);
  }

  private Process bearing(String token) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sleep", "300");
    builder.environment().put(Kin.MARK, token);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  @Test
  void each_claim_of_a_run_has_its_own_and_all_begin_alike() throws IOException {
    ClaimMark first = mark(folder.resolve("storage"));
    ClaimMark second = mark(folder.resolve("storage"));

    assertThat(second.run()).isEqualTo(first.run()).endsWith("/" + points.runId(0) + "/");
    assertThat(second.epoch()).isGreaterThan(first.epoch());
    assertThat(first.token()).isEqualTo(first.run() + first.epoch()).isNotEqualTo(second.token());
  }

  @Test
  void the_same_run_of_another_storage_root_has_another() throws IOException {
    ClaimMark here = mark(folder.resolve("storage"));
    ClaimMark there = mark(folder.resolve("other"));

    assertThat(there.run()).isNotEqualTo(here.run());
  }

  @Test
  void a_storage_root_by_another_name_is_the_same() throws IOException {
    ClaimMark here = mark(folder.resolve("storage"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("storage"));

    ClaimMark there = mark(link);

    assertThat(there.run()).isEqualTo(here.run());
  }

  @Test
  void only_the_processes_of_earlier_claims_of_the_run_are_ended() throws Exception {
    String run = "t" + ProcessHandle.current().pid() + "/0a1b2c3d/";
    ClaimMark mark = new ClaimMark(run, 12);
    Process earlier = bearing(run + "3");
    Process earlierToo = bearing(run + "11");
    List<Process> others =
        List.of(
            bearing(run + "12"),
            bearing(run + "13"),
            bearing(run + "3x"),
            bearing(run),
            bearing("u" + run + "3"),
            bearing(run.replace("0a1b2c3d", "0a1b2c3e") + "3"),
            bearing(run + "99999999999999999999"));

    mark.endLeftOvers(notes::add);

    assertThat(earlier.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(earlierToo.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(others).allMatch(Process::isAlive);
    assertThat(notes)
        .containsExactly("2 processes of an earlier claim of it still ran here and were ended");
  }

  @Test
  void where_none_is_left_nothing_is_said() {
    new ClaimMark("t" + ProcessHandle.current().pid() + "/11111111/", 2).endLeftOvers(notes::add);

    assertThat(notes).isEmpty();
  }
}
