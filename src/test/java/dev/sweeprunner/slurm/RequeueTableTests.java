package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.RequeuePolicy;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.ToldWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a task, by event and by {@code slurm.requeue}: the table in docs/slurm.md. */
class RequeueTableTests {
  private static final SlurmTask OWN = new SlurmTask("8037002", "8037002", "3", 0, "n1", "a@m:1");
  private static final Owner SELF =
      new Owner("i", "w", "c", "h", "m", "b", 4, "5", "6", "u", "cpu", OWN);
  private static final String HEADING = "| event | ";

  /** The rows of the table: how Slurm showed such a job, whether warned, and the site's mode. */
  private static final Map<String, Event> EVENTS =
      Map.of(
          "time limit, by Slurm's TERM", new Event("show-time-limit.txt", false, "REQUEUE"),
          "time limit, by the worker's own clock", new Event("show-warned.txt", true, "REQUEUE"),
          "a warning that means to leave", new Event("show-warned.txt", true, "CANCEL"),
          "preemption, `PreemptMode=REQUEUE`, within its grace time",
              new Event("show-grace.txt", false, "REQUEUE"),
          "preemption, `PreemptMode=CANCEL`, within its grace time",
              new Event("show-grace.txt", true, "CANCEL"),
          "preemption, `PreemptMode=CANCEL`, at once",
              new Event("show-preempt-cancel.txt", false, "CANCEL"),
          "preemption, `PreemptMode=REQUEUE`, at once; `scontrol requeue`",
              new Event("show-requeued.txt", false, "REQUEUE"),
          "`scancel`", new Event("show-cancelled.txt", false, "REQUEUE"),
          "`kill -TERM` by a person", new Event("show-signalled.txt", false, "REQUEUE"));

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource
  void as_the_table_says(String event, RequeuePolicy policy, String fate) throws IOException {
    Event met = Objects.requireNonNull(EVENTS.get(event), event);
    slurm(met);

    String said =
        new Requeue(
                new SlurmCommands(folder.toString()),
                OWN,
                Duration.ofSeconds(20),
                policy,
                new TaskLives(new ToldWorkers(), SELF, true, ""))
            .leave(met.warned);

    boolean asked = Files.exists(folder.resolve("requeued"));
    assertThat(said).contains(fate.equals("ends") ? "not " : "it comes back");
    assertThat(asked ? "back" : said.contains("Slurm has requeued") ? "Slurm" : "ends")
        .isEqualTo(fate);
  }

  static Stream<Arguments> as_the_table_says() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("docs/slurm.md"));
    int heading =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).startsWith(HEADING) && lines.get(i).contains("`always`"))
            .findFirst()
            .orElseThrow();
    List<String> policies = cells(lines.get(heading));
    List<List<String>> rows =
        lines.stream()
            .skip(heading + 2L)
            .takeWhile(l -> l.startsWith("|"))
            .map(l -> cells(l))
            .toList();
    assertThat(rows)
        .extracting(row -> row.get(0))
        .containsExactlyInAnyOrderElementsOf(EVENTS.keySet());
    return rows.stream()
        .flatMap(
            row ->
                IntStream.range(1, policies.size())
                    .mapToObj(k -> Arguments.of(row.get(0), policy(policies.get(k)), row.get(k))));
  }

  private static RequeuePolicy policy(String cell) {
    String word = cell.substring(1, cell.indexOf('`', 1));
    return RequeuePolicy.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static List<String> cells(String line) {
    return Stream.of(line.substring(2, line.length() - 2).split(" \\| "))
        .map(String::strip)
        .toList();
  }

  private void slurm(Event met) throws IOException {
    FakeProgram.put(
        folder,
        "scontrol",
        """
        case "$*" in
          requeue*) : >'%s/requeued' ;;
          *partition*) echo 'PartitionName=low PreemptMode=%s State=UP' ;;
          *config) cat %s ;;
          *) cat %s ;;
        esac
        """
            .formatted(
                folder,
                met.mode,
                Recorded.file(folder, "config.txt"),
                Recorded.file(folder, met.file)));
  }

  private record Event(String file, boolean warned, String mode) {}
}
