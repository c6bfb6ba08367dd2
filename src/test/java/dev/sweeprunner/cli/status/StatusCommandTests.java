package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.LookedAt;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.Arrears;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTests {
  @TempDir Path folder;

  private final Views views = new Views();

  private StatusCommand status(Points points, Screen screen) {
    return new StatusCommand(List.of(points), views.ports(), screen);
  }

  private void finish(Points points) {
    for (int i = 0; i < points.size(); i++) {
      views.claims.tell(points.key(i), Situations.finished(points.at(i)));
    }
  }

  @Test
  void a_question_that_was_answered_is_done_whatever_the_answer_is() {
    Points points = Views.grid(folder);
    views.claims.tell(points.key(0), Situations.poisoned(points.at(0), "GPU lost"));

    for (OutputFormat format : OutputFormat.values()) {
      assertThat(status(points, views.screen(120)).run(format)).isEqualTo(ExitCode.DONE);
    }

    assertThat(views.printed.text()).contains("poisoned");
  }

  @Test
  void only_the_words_of_those_who_have_a_run_are_read() {
    Points points = Views.grid(folder);
    views.claims.tell(points.key(0), Situations.training(points.at(0), 100));
    views.claims.tell(points.key(1), Situations.preempted(points.at(1), 100));
    List<String> asked = new ArrayList<>();
    WorkerReport reports =
        new WorkerReport() {
          @Override
          public void report(Status status) {
            throw new AssertionError("status writes nothing");
          }

          @Override
          public List<Status> all() {
            throw new AssertionError("there may be ten thousand");
          }

          @Override
          public Optional<Status> of(String worker) {
            asked.add(worker);
            return Optional.of(ToldWorkers.status(Situations.owner(worker), points.runId(0), 640));
          }
        };
    LookPorts all = views.ports();
    LookPorts ports =
        new LookPorts(
            all.claims(),
            all.observer(),
            all.survey(),
            reports,
            all.clock(),
            all.expiry(),
            all.home(),
            all.root());

    new StatusCommand(List.of(points), ports, views.screen(200)).run(OutputFormat.TABLE);

    assertThat(asked).containsExactly("w1");
    assertThat(views.printed.text()).contains("640 tokens/s");
  }

  @Test
  void the_table_of_a_run_says_where_every_point_stands() {
    Points points = Views.grid(folder);
    finish(points);

    var statuses = status(points, views.screen(120)).table(40);

    assertThat(ExitCode.ofEnded(statuses)).isEqualTo(ExitCode.DONE);
    assertThat(statuses).hasSize(4);
    assertThat(views.printed.lines()).anyMatch(line -> line.equals("4 points: 4 finished"));
  }

  @Test
  void a_table_names_the_storage_root_and_says_where_there_is_none() {
    Points points = Views.grid(folder);
    for (LookedAt.There there : LookedAt.There.values()) {
      views.root = new LookedAt(Path.of("/st"), there == LookedAt.There.RUNS, () -> there);
      status(points, views.screen(120)).run(OutputFormat.TABLE);
    }

    assertThat(views.printed.lines())
        .filteredOn(line -> line.startsWith("Storage root"))
        .containsExactly(
            "Storage root /st (the working directory) does not exist; started from another folder?",
            "Storage root /st (the working directory) holds no out/; nothing was run there yet, or"
                + " in another folder?",
            "Storage root /st");
  }

  @Test
  void json_says_so_of_each_point() {
    views.root = new LookedAt(Path.of("/st"), true, () -> LookedAt.There.NOTHING);
    status(Views.grid(folder), views.screen(120)).run(OutputFormat.JSON);

    assertThat(views.printed.lines())
        .filteredOn(
            line -> line.contains("\"storage_root\":\"/st\",\"storage_root_exists\":false}"))
        .hasSize(4);
  }

  @Test
  void watching_ends_when_every_point_has_ended() {
    Points points = Views.grid(folder);
    List<Duration> pauses = new ArrayList<>();

    ExitCode code =
        status(points, views.screen(120))
            .watch(
                Duration.ofSeconds(2),
                pause -> {
                  pauses.add(pause);
                  finish(points);
                },
                Optional::empty);

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(pauses).containsExactly(Duration.ofSeconds(2));
    assertThat(views.printed.text()).contains("4 unclaimed").contains("4 finished");
    assertThat(views.printed.text()).doesNotContain("\u001B");
  }

  @Test
  void watching_follows_the_sweeps_and_says_what_is_wrong_with_an_edit() {
    Points points = Views.grid(folder);
    StatusCommand first = status(points, views.screen(120));
    Deque<StatusCommand.Newest> newest = new ArrayDeque<>();
    newest.add(new StatusCommand.Newest(first, List.of("sweep.yaml:3: there is a tab.")));
    newest.add(
        new StatusCommand.Newest(
            new StatusCommand(List.of(points, points), views.ports(), views.screen(120)),
            List.of()));
    finish(points);
    views.claims.tell(points.key(0), Situations.training(points.at(0), 10));

    first.watch(
        Duration.ofSeconds(2), pause -> finish(points), Optional::empty, newest::removeFirst);

    assertThat(newest).isEmpty();
    assertThat(views.printed.lines()).containsOnlyOnce("sweep.yaml:3: there is a tab.");
    assertThat(views.printed.lines()).filteredOn(line -> line.endsWith("4 finished")).hasSize(2);
  }

  @Test
  void watching_ends_at_a_stop() {
    Points points = Views.grid(folder);
    AtomicBoolean stopped = new AtomicBoolean();

    status(points, views.live(120))
        .watch(
            Duration.ofSeconds(2),
            pause -> stopped.set(true),
            () -> stopped.get() ? Optional.of("SIGINT") : Optional.empty());

    assertThat(views.printed.text().split("\u001B\\[H", -1)).hasSize(2);
  }

  @Test
  void a_table_says_what_wandb_lacks_of_its_runs_and_the_command_that_sends_it() {
    Points points = Views.grid(folder);
    Map<String, Long> rows = Map.of(points.runId(0), 300L, points.runId(1), 40L, "ffffffff", 7L);
    status(points, views.screen(120)).owing(owed(rows, true)).run(OutputFormat.TABLE);
    String both = views.printed.text();
    status(points, views.screen(120))
        .owing(owed(Map.of(points.runId(0), 0L), false))
        .run(OutputFormat.TABLE);
    String end = views.printed.text().substring(both.length());
    status(points, views.screen(120))
        .owing(owed(Map.of("ffffffff", 7L), true))
        .run(OutputFormat.TABLE);

    assertThat(both)
        .contains(
            "W&B: 340 rows of 2 runs are not delivered. Workers send it when W&B can be reached; by"
                + " hand: ./sweep-runner sync\n");
    assertThat(end).contains("W&B: at least the end of 1 run is not delivered.");
    assertThat(views.printed.text().substring(both.length() + end.length()))
        .doesNotContain("delivered");
  }

  @Test
  void runs_that_a_program_wrote_beside_its_own_are_named_where_w_b_lacks_them() {
    Points points = Views.grid(folder);
    String run = points.runId(0);
    List<String> beside = new ArrayList<>(List.of("ffffffff-2"));
    for (int number = 2; number <= 8; number++) {
      beside.add(run + "-" + number);
    }
    status(points, views.screen(400))
        .owing(owed(new Arrears.Owed(Map.of(run, 0L), true, beside)))
        .run(OutputFormat.TABLE);

    assertThat(views.printed.text())
        .contains(
            "W&B: the end of 1 run is not delivered, nor all of "
                + String.join(", ", beside.subList(1, 6))
                + " and 2 more that programs wrote beside their runs. Workers send it");
  }

  private static Arrears owed(Map<String, Long> rows, boolean all) {
    return owed(new Arrears.Owed(rows, all));
  }

  private static Arrears owed(Arrears.Owed owed) {
    return new Arrears() {
      @Override
      public Owed of(String project) {
        return owed;
      }

      @Override
      public String wayOut() {
        return "./sweep-runner sync";
      }
    };
  }
}
