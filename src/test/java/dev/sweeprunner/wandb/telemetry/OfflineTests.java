package dev.sweeprunner.wandb.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.work.Attempt;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that the official {@code wandb sync} takes. */
class OfflineTests {
  private static final int ITERATIONS = 6;

  @TempDir Path folder;
  private Station station;
  private Premises premises;

  @BeforeEach
  void start() {
    station = new Station(folder.resolve("station"));
    Points points = Grids.tiny(folder.resolve("sweep"), 1, ITERATIONS);
    premises = new Premises(station, folder.resolve("root"), points);
  }

  @AfterEach
  void stop() {
    assertThat(station.server.requests().all()).isEmpty();
    station.close();
  }

  @Test
  void a_finished_run_gets_one_file_with_all_its_rows() {
    life(Trace.OFF).liveToTheEnd();

    assertThat(written()).hasSize(1);
    assertThat(steps(written().get(0))).isEqualTo(ITERATIONS + 1);
    assertThat(text(written().get(0))).contains("train/loss", "claim 1 on", "fake-entity");
    assertThat(station.notices).isEmpty();
  }

  @Test
  void a_run_that_was_killed_and_resumed_gets_one_file_too() {
    Life first = life(Trace.OFF);
    try (Attempt attempt = first.attempt(first.claim().orElseThrow())) {
      attempt.advance();
    }
    List<Path> between = written();
    life(Trace.OFF).liveToTheEnd();

    assertThat(between).isEmpty();
    assertThat(written()).hasSize(1);
    assertThat(steps(written().get(0))).isEqualTo(ITERATIONS + 1);
    assertThat(text(written().get(0))).contains("claim 1 on", "from iteration 3");
  }

  @Test
  void what_a_worker_killed_at_the_end_could_not_write_is_written_later() throws IOException {
    for (String moment : List.of("finish.appended", "finish.journal", "finish.concluded")) {
      try (Stream<Path> old = Files.walk(folder.resolve("root"))) {
        old.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      } catch (NoSuchFileException first) {
        // Nothing to clear away.
      }
      dies(life(new Mortal(moment)));
      life(Trace.OFF).liveToTheEnd();
      List<Path> before = written();

      premises.writeOfflineRest();
      List<Path> after = written();
      byte[] content = Files.readAllBytes(after.get(0));
      premises.writeOfflineRest();

      assertThat(before).as(moment).isEmpty();
      assertThat(after).as(moment).hasSize(1);
      assertThat(steps(after.get(0))).as(moment).isEqualTo(ITERATIONS + 1);
      assertThat(Files.readAllBytes(after.get(0))).as(moment).isEqualTo(content);
    }
  }

  @Test
  void a_file_that_was_synced_stays_as_it_is() throws IOException {
    life(Trace.OFF).liveToTheEnd();
    Path file = written().get(0);
    Files.writeString(file, "synced");

    premises.writeOfflineRest();

    assertThat(file).hasContent("synced");
  }

  @Test
  void of_a_run_that_its_program_tells_of_the_file_has_what_it_said() {
    premises.programLife(Trace.OFF, premises.offlineQuietly()).liveToTheEnd();

    assertThat(written()).hasSize(2);
    // The program's summary has no step.
    assertThat(steps(written().get(1)) + 1).isEqualTo(ITERATIONS + 1);
    assertThat(text(written().get(1)))
        .contains("\u0002lr\u0082\u0001\u00040.10", "claim 1 begins\n", "step 6\n")
        .contains("\u0007metrics", "\u0006newest\u0082\u0001\u00016", "\u0003cpu", Claimant.KEY)
        .contains("\n\tat a step\u0012\u0006step 6\u001a\u0004WARN \u00e0\u00d4\u0003")
        .contains("\u000cmetrics.loss\"\u0004axis2\u0002\b\u0001:\u0002\u0010\u0001")
        .doesNotContain("claim 1 on", "\u0004iter", "training", "system.cpu");
  }

  @Test
  void a_run_that_its_program_writes_beside_its_own_has_a_file_of_its_own() {
    premises.programLife(Trace.OFF, premises.offlineQuietly()).liveToTheEnd();

    Path file = written().get(0);
    assertThat(String.valueOf(file.getFileName())).matches("run-[0-9a-f]{8}-2\\.wandb");
    assertThat(file.getParent()).matches(folder -> folder.toString().endsWith("-2"));
    assertThat(steps(file) + 1).isEqualTo(ITERATIONS + 1);
    assertThat(text(file))
        .contains("\u0006square\u0082\u0001\u000236", "\u0006newest\u0082\u0001\u00016")
        .doesNotContain("metrics.train");
  }

  @Test
  void of_a_program_that_never_opens_its_run_nothing_is_written() throws IOException {
    premises.life(Trace.OFF, premises.offlineQuietly()).liveToTheEnd();

    assertThat(written()).isEmpty();
    assertThat(premises.outbox.waiting(Premises.PROJECT)).isEmpty();
  }

  private Life life(Trace trace) {
    return premises.life(trace, premises.offline());
  }

  private static void dies(Life life) {
    try {
      life.liveToTheEnd();
      throw new AssertionError("it has not died");
    } catch (Moments.Killed killed) {
      return;
    }
  }

  private List<Path> written() {
    Path wandb = folder.resolve("root").resolve("wandb");
    if (!Files.exists(wandb)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(wandb)) {
      return files.filter(file -> file.toString().endsWith(".wandb")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many history records there are: each has the key of its step, and so has the summary. */
  private static long steps(Path file) {
    return Pattern.compile("\u0005_step").matcher(text(file)).results().count() - 1;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Mortal(String moment) implements Trace {
    @Override
    public void event(String name, String runId, int epoch, long iter) {}

    @Override
    public void reach(String point) {
      if (point.equals(moment)) {
        throw new Moments.Killed();
      }
    }
  }
}
