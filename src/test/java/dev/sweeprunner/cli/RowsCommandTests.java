package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.journal.StoredRows;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.work.Attempt;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsCommandTests {
  private static final int ITERATIONS = 12;

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();
  private Points points;
  private Layout layout;
  private Claims claims;

  @BeforeEach
  void makeSweep() {
    points = Grids.tiny(folder.resolve("sweep"), 5, ITERATIONS);
    layout = new Layout(folder.resolve("root"));
    claims = Situations.claims(layout);
  }

  @Test
  void a_finished_running_preempted_and_failed_point_have_what_an_undisturbed_run_has()
      throws IOException {
    new Life(folder.resolve("undisturbed"), points, Trace.OFF, 3).liveToTheEnd();
    Map<String, List<String>> undisturbed = undisturbed();

    // One life claims all four, so that no later one takes over what an earlier one left.
    List<StopSignal> stop = new ArrayList<>(List.of(Optional::empty));
    Life life = life(() -> stop.get(0).reason());
    List<ClaimedRun> runs = Stream.generate(() -> life.claim().orElseThrow()).limit(4).toList();
    life.train(runs.get(0));
    stop.set(0, asked(7, n -> Optional.of("SIGTERM")));
    life.train(runs.get(1));
    stop.set(0, asked(7, RowsCommandTests::failure));
    life.train(runs.get(2));
    stop.set(0, Optional::empty);
    try (Attempt attempt = life.attempt(runs.get(3))) {
      attempt.advance();
      attempt.advance();
      Map<String, List<String>> rows = rows();

      assertThat(rows)
          .containsOnlyKeys(runs.stream().map(run -> run.point().runId()).toArray(String[]::new));
      for (String runId : rows.keySet()) {
        List<String> whole = undisturbed.getOrDefault(runId, List.of());
        List<String> here = rows.getOrDefault(runId, List.of());
        assertThat(here).as(runId).hasSizeBetween(2, whole.size());
        assertThat(here).isEqualTo(whole.subList(0, here.size()));
      }
      assertThat(rows.get(runs.get(0).point().runId())).hasSize(ITERATIONS + 1);
    }
    assertThat(types())
        .containsExactlyInAnyOrder(
            RecordType.FINISH, RecordType.RELEASE, RecordType.FAIL, RecordType.PUBLISH);
    assertThat(warnings).isEmpty();
  }

  @Test
  void rows_since_the_newest_publish_are_there_and_torn_ones_are_not() throws IOException {
    Life life = life(Optional::empty);
    ClaimedRun run = life.claim().orElseThrow();
    try (Attempt attempt = life.attempt(run)) {
      attempt.advance();
      Path told = layout.rows(run.point().key(), run.claim().epoch());
      Files.writeString(
          told,
          Files.readString(told)
              + "{\"iter\":3,\"train/loss\":1.5}\n"
              + "{\"iter\":4,\"train{\"iter\":5,\"train/loss\":1.5}\n"
              + "{\"iter\":6,\"tra");

      assertThat(print(OutputFormat.CSV, ExitCode.DONE).stream().skip(1))
          .extracting(line -> line.split(",", -1)[3])
          .containsExactly("0", "1", "2", "3");
    }
  }

  @Test
  void of_rows_as_a_program_logged_them_the_numbers_are_shown_and_jsonl_has_them_whole()
      throws IOException {
    Life life = life(Optional::empty);
    ClaimedRun run = life.claim().orElseThrow();
    try (Attempt attempt = life.attempt(run)) {
      attempt.advance();
      Path told = layout.rows(run.point().key(), run.claim().epoch());
      String logged = "\"a\":{\"b\":0.5},\"c\":NaN,\"h\":{\"_type\":\"histogram\",\"v\":[1]}";
      Files.writeString(
          told,
          Files.readString(told)
              + ("{\"iter\":9,\"logged\":{" + logged + "},\"wall\":{\"runtime\":2.5}}\n"));

      List<String> csv = print(OutputFormat.CSV, ExitCode.DONE);
      List<String> jsonl = print(OutputFormat.JSONL, ExitCode.DONE);

      List<String> names = List.of(csv.get(0).split(",", -1));
      List<String> cells = List.of(csv.get(csv.size() - 1).split(",", -1));
      assertThat(names).doesNotContain("metrics.h.v");
      assertThat(cells.get(names.indexOf("metrics.a.b"))).isEqualTo("0.5");
      assertThat(cells.get(names.indexOf("metrics.c"))).isEqualTo("NaN");
      assertThat(cells.get(names.indexOf("wall.runtime"))).isEqualTo("2.5");
      assertThat(jsonl.get(jsonl.size() - 1))
          .endsWith(
              "\"iter\":9,\"metrics\":{\"a.b\":0.5,\"c\":\"NaN\"},\"logged\":{\"a\":{\"b\":0.5},"
                  + "\"c\":\"NaN\",\"h\":{\"_type\":\"histogram\",\"v\":[1]}},"
                  + "\"wall\":{\"runtime\":2.5}}");
    }
  }

  @Test
  void csv_has_the_columns_of_all_points_and_jsonl_one_object_per_line() {
    train();

    List<String> csv = print(OutputFormat.CSV, ExitCode.DONE);
    List<String> jsonl = print(OutputFormat.JSONL, ExitCode.DONE);

    assertThat(csv.get(0))
        .startsWith(
            "run_id,overrides.training.seed,overrides.experiment.translation_ratio,iter,"
                + "metrics.train/loss,metrics.lr,metrics.val/translation_loss,");
    assertThat(csv).hasSize(1 + ITERATIONS + 1).allMatch(l -> columns(l) == columns(csv.get(0)));
    assertThat(csv.get(ITERATIONS + 1)).contains("," + ITERATIONS + ",,,");
    assertThat(jsonl)
        .hasSize(ITERATIONS + 1)
        .allMatch(l -> l.matches("\\{\"run_id\":\"[0-9a-f]{8}\",\"overrides\":\\{.*\"metrics\".*}"))
        .element(3)
        .asString()
        .contains("\"experiment.translation_ratio\":0.5},\"iter\":3,\"metrics\":{\"train/loss\":");
  }

  @Test
  void a_damaged_part_is_told_and_the_other_points_are_whole() throws IOException {
    String first = train();
    String second = train();
    Path journal = layout.journal(key(first));
    Files.writeString(journal, Files.readString(journal).replace("lr", "rl"));

    List<String> lines = print(OutputFormat.JSONL, ExitCode.INCOMPLETE);

    assertThat(lines).hasSize(ITERATIONS + 1).allMatch(line -> line.contains(second));
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(first + ": rows are left out: " + journal + ": it differs from")
        .endsWith("See explain " + first + ".");
    print(OutputFormat.CSV, ExitCode.INCOMPLETE);
    assertThat(warnings).hasSize(2);
  }

  @Test
  void a_part_that_is_gone_is_named() throws IOException {
    Life life = life(Optional::empty);
    ClaimedRun run = life.claim().orElseThrow();
    try (Attempt attempt = life.attempt(run)) {
      attempt.advance();
    }
    Path part = layout.part(run.point().key(), "0000003-e1.jsonl");
    Files.delete(part);

    assertThat(print(OutputFormat.JSONL, ExitCode.INCOMPLETE)).isEmpty();
    assertThat(warnings).singleElement().asString().contains(part + ": the published metric part");
  }

  @Test
  void a_finished_run_that_is_not_concluded_has_its_rows_all_the_same() throws IOException {
    String runId = train();
    Path journal = layout.journal(key(runId));
    Path joined = layout.epoch(key(runId), 1).resolve("metrics.jsonl");
    Files.createDirectories(joined.getParent());
    Files.move(journal, joined);

    assertThat(print(OutputFormat.JSONL, ExitCode.DONE)).hasSize(ITERATIONS + 1);
  }

  @Test
  void without_a_row_that_is_said_and_csv_is_its_first_line() {
    assertThat(print(OutputFormat.CSV, ExitCode.DONE)).containsExactly("run_id,iter");
    assertThat(print(OutputFormat.JSONL, ExitCode.DONE)).isEmpty();
    assertThat(warnings)
        .containsOnly("no point of these sweeps has a row under " + layout.root() + " yet.");
  }

  private static int columns(String line) {
    return line.split(",", -1).length;
  }

  private static Optional<String> failure(int asked) {
    throw new TrainingFailure(FailureClass.INFRA, "lost at question " + asked);
  }

  /** A stop signal that says this from its n-th question on. */
  private static StopSignal asked(int times, IntFunction<Optional<String>> then) {
    int[] asked = {0};
    return () -> ++asked[0] > times ? then.apply(asked[0]) : Optional.empty();
  }

  private Life life(StopSignal stop) {
    return new Life(
        layout.root(),
        points,
        Trace.OFF,
        3,
        Telemetry.OFF,
        new LocalTraining(
            new Devices(new CpuBackEnd(1)), new SettableClock(), name -> List.of(), notice -> {}),
        new TrainingFormat(new LocalFiles(), Trace.OFF),
        stop);
  }

  /** Trains a point to its end; says which. */
  private String train() {
    Life life = life(Optional::empty);
    ClaimedRun run = life.claim().orElseThrow();
    life.train(run);
    return run.point().runId();
  }

  private RunKey key(String runId) {
    return points.key(points.indexOf(runId).orElseThrow());
  }

  private List<RecordType> types() {
    return Stream.iterate(0, i -> i < points.size(), i -> i + 1)
        .map(i -> claims.look(points.key(i)))
        .filter(ClaimState.Logged.class::isInstance)
        .map(state -> ((ClaimState.Logged) state).end().type())
        .toList();
  }

  /** Without what depends on the machine. */
  private static String reproducible(String line) {
    return line.replaceAll(",\"wall\":\\{[^}]*}", "");
  }

  private Map<String, List<String>> rows() {
    return print(OutputFormat.JSONL, ExitCode.DONE).stream()
        .map(RowsCommandTests::reproducible)
        .collect(Collectors.groupingBy(line -> line.substring(11, 19)));
  }

  private Map<String, List<String>> undisturbed() {
    Layout there = layout;
    layout = new Layout(folder.resolve("undisturbed"));
    claims = Situations.claims(layout);
    Map<String, List<String>> rows = rows();
    layout = there;
    claims = Situations.claims(layout);
    return rows;
  }

  private List<String> print(OutputFormat format, ExitCode expected) {
    Captured printed = new Captured();
    Screen screen = new Screen(printed.out(), false, false, 200);
    ExitCode code =
        new RowsCommand(
                List.of(points),
                claims,
                new StoredRows(layout, claims),
                layout.root(),
                Optional::empty,
                warnings::add,
                screen)
            .run(format);
    assertThat(code).isEqualTo(expected);
    return printed.lines();
  }
}
