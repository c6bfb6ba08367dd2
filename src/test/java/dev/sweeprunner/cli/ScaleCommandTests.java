package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.cli.ScaleCommand.Print;
import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Scaler;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.TaskQueue.Refusal;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.scale.Census;
import dev.sweeprunner.run.scale.Demand;
import dev.sweeprunner.run.scale.Memory;
import dev.sweeprunner.run.scale.MemoryStore;
import dev.sweeprunner.run.scale.Rules;
import dev.sweeprunner.run.scale.ScaleRound;
import dev.sweeprunner.testkit.BatchTasks;
import dev.sweeprunner.testkit.Situations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleCommandTests {
  private static final Duration EVERY = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final Views views = new Views();
  private final Desk desk = new Desk();
  private final Kept memory = new Kept();
  private final Chair seat = new Chair();
  private Points points;
  private Path logs;

  @BeforeEach
  void fourRuns() {
    points = Views.grid(folder);
    logs = folder;
    views.claims.tell(points.key(0), Situations.training(points.at(0), 10));
    views.claims.tell(points.key(1), Situations.finished(points.at(1)));
  }

  private Scale scale(boolean submit) {
    return new Scale(List.of(points), submit);
  }

  /** The command, with a memory that outlives it. */
  private final class Scale {
    private final List<Points> sweeps;
    private final boolean submit;

    Scale(List<Points> sweeps, boolean submit) {
      this.sweeps = sweeps;
      this.submit = submit;
    }

    ExitCode once() {
      return once(Print.ALL);
    }

    ExitCode once(Print print) {
      return command(() -> Optional.empty()).once(submit, print);
    }

    ExitCode watch(Duration every, Pause pause, StopSignal stop) {
      return command(stop).watch(every, submit, pause, stop);
    }

    private ScaleCommand command(StopSignal stop) {
      ScaleRound round =
          new ScaleRound(
              desk,
              this::demand,
              Map::of,
              memory,
              () -> !seat.lost && !stop.requested(),
              views.clock,
              Rules.DEFAULT);
      ScaleCommand.Site site =
          new ScaleCommand.Site(
              views.ports().root(), desk, "sweeps/scale.yml", logs, views.clock, ZoneOffset.UTC);
      return new ScaleCommand(round, seat, site, views.screen(200));
    }

    private Demand demand() {
      Census census = new Census();
      for (Points sweep : sweeps) {
        census.add(sweep.groupSlug(), sweep, views.ports().observer()::pointStatus);
      }
      return census.demand();
    }
  }

  /** As long as a test lives. */
  private static final class Kept implements MemoryStore {
    private Memory memory = new Memory();

    @Override
    public Memory load() {
      return memory;
    }

    @Override
    public void save(Memory changed) {
      memory = changed;
    }
  }

  /** The seat of this storage root. */
  private static final class Chair implements ScaleCommand.Turn {
    private @Nullable Scaler other;
    private boolean lost;
    private int left;

    @Override
    public Optional<Scaler> take() {
      return Optional.ofNullable(other);
    }

    @Override
    public Optional<Scaler> other() {
      return Optional.ofNullable(other);
    }

    @Override
    public void leave() {
      left++;
    }
  }

  private static Scaler onNode7(Duration silent, boolean met) {
    Owner owner =
        new Owner("i", "scale", "local", "node7", "m", "b", 412, "1", "1", "ada", "", null);
    return new Scaler(owner, silent, false, met);
  }

  /** What was printed, without the time of day that each line must have. */
  private List<String> untimed() {
    assertThat(views.printed.lines()).allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d .*"));
    return views.printed.lines().stream().map(line -> line.substring(9)).toList();
  }

  private void finishAll() {
    for (int i = 0; i < points.size(); i++) {
      views.claims.tell(points.key(i), Situations.finished(points.at(i)));
    }
  }

  private static BatchTask pending(int index) {
    return BatchTasks.task(50, index, "gpu", true, 0, "ctl");
  }

  @Test
  void by_itself_it_only_says_what_it_would_do() {
    desk.leftOut = List.of("SLURM_JOB_ID");

    assertThat(scale(false).once()).isEqualTo(ExitCode.DONE);

    assertThat(views.printed.text())
        .isEqualTo(
            """
            4 runs: 2 to claim, 1 taken, 1 ended
            Tasks sr-12345678-*; profiles: sweeps/scale.yml
            profile  limit  working  idle  pending  suspended  failed starts  paused until  end
            gpu      8      0        0     0        0          0              -             -
            gpu: one for each run that can be claimed.
            Would submit 2 tasks as gpu (limit 8):
              env -u SLURM_JOB_ID sbatch gpu 2 'it'\\''s'
            Nothing was changed; --submit does it.
            """);
    assertThat(desk.called).isEmpty();
  }

  @Test
  void with_submit_it_does_it_and_a_second_call_nothing() {
    assertThat(scale(true).once()).isEqualTo(ExitCode.DONE);
    assertThat(scale(true).once()).isEqualTo(ExitCode.DONE);

    assertThat(desk.called).containsExactly("sbatch gpu 2 it's");
    assertThat(views.printed.text())
        .contains("Submitting 2 tasks as gpu", "Submitted 100_0 to 100_1")
        .endsWith("Nothing to do: there are as many tasks as there is work.\n");
  }

  @Test
  void points_that_are_one_run_count_once_in_all_sweeps() {
    Points again = Views.grid(folder);

    new Scale(List.of(points, again), true).once();

    assertThat(desk.called).containsExactly("sbatch gpu 2 it's");
  }

  @Test
  void pending_tasks_that_nobody_needs_are_cancelled() {
    desk.tasks.addAll(List.of(pending(0), pending(1), pending(2)));

    assertThat(scale(true).once()).isEqualTo(ExitCode.DONE);
    finishAll();
    assertThat(scale(true).once()).isEqualTo(ExitCode.DONE);

    assertThat(desk.called).containsExactly("scancel 50_2", "scancel 50_1 50_0");
    assertThat(views.printed.text())
        .contains("Cancelling 1 pending task:", "  scancel 50_2", "Every run has ended.");
  }

  @Test
  void a_task_that_has_started_meanwhile_is_not_cancelled() {
    desk.tasks.addAll(List.of(pending(0), pending(1), pending(2), pending(3)));
    desk.starting = BatchTasks.task(50, 3, "gpu", false, 0, "ctl");

    assertThat(scale(true).once()).isEqualTo(ExitCode.DONE);

    assertThat(desk.called).containsExactly("scancel 50_2");
  }

  @Test
  void without_knowing_the_queue_nothing_is_done() {
    desk.unknown = 1;

    assertThatThrownBy(() -> scale(true).once()).isInstanceOf(UserError.class);

    assertThat(desk.called).isEmpty();
  }

  @Test
  void a_refusal_is_told_and_the_rest_is_done() {
    desk.profiles = List.of(Desk.profile("gpu", 1), Desk.profile("cpu", 1));
    desk.refused = "gpu";

    assertThat(scale(true).once()).isEqualTo(ExitCode.INCOMPLETE);

    assertThat(desk.called).containsExactly("sbatch gpu 1 it's", "sbatch cpu 1 it's");
    assertThat(views.printed.text()).contains("Failed: no such partition", "Submitted 100_0\n");
  }

  @Test
  void watching_goes_on_until_the_end_and_cancels_what_is_pending() {
    List<Duration> pauses = new ArrayList<>();
    desk.unknown = 1;

    ExitCode code =
        scale(true)
            .watch(
                EVERY,
                pause -> {
                  pauses.add(pause);
                  if (pauses.size() == 4) {
                    finishAll();
                  }
                },
                Optional::empty);

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(pauses).containsExactly(EVERY, EVERY, EVERY, EVERY);
    assertThat(desk.called).containsExactly("sbatch gpu 2 it's", "scancel 100_1 100_0");
    assertThat(untimed())
        .startsWith("Waiting: squeue is silent.")
        .contains("Tasks sr-12345678-*; profiles: sweeps/scale.yml; a look every 60 s")
        .containsOnlyOnce("Nothing to do: there are as many tasks as there is work.")
        .endsWith("Every run has ended.", "Cancelled");
  }

  @Test
  void watching_ends_with_the_sweeps_own_code() {
    finishAll();
    views.claims.tell(points.key(2), Situations.poisoned(points.at(2), "lost"));

    assertThat(scale(true).watch(EVERY, pause -> {}, Optional::empty))
        .isEqualTo(ExitCode.INCOMPLETE);
  }

  @Test
  void a_stop_ends_the_watch_and_changes_nothing() {
    assertThat(scale(true).watch(EVERY, pause -> {}, () -> Optional.of("SIGTERM")))
        .isEqualTo(ExitCode.STOPPED);
    assertThat(
            scale(true)
                .watch(
                    EVERY,
                    pause -> {},
                    () -> desk.asked > 0 ? Optional.of("SIGTERM") : Optional.empty()))
        .as("while it looked")
        .isEqualTo(ExitCode.STOPPED);

    assertThat(desk.called).isEmpty();
  }

  @Test
  void once_prints_only_news_and_is_fit_for_cron() {
    desk.profiles = List.of(Desk.profile("gpu", 1), Desk.profile("cpu", 1));
    desk.refused = "gpu";

    assertThat(scale(true).once(Print.NEWS)).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(views.printed.lines())
        .containsExactly("gpu: Failed: no such partition", "cpu: Submitted 100_0");
    assertThat(scale(true).once(Print.NEWS)).isEqualTo(ExitCode.DONE);
    assertThat(views.printed.lines()).as("nothing new").hasSize(2);
    assertThat(seat.left).isEqualTo(2);
  }

  @Test
  void a_paused_profile_is_told_in_a_mail_once_and_shown_as_long_as_it_lasts() {
    desk.profiles = List.of(Desk.profile("gpu", 1));
    desk.refused = "gpu";
    scale(true).once(Print.NEWS);
    int told = views.printed.lines().size();

    scale(true).once(Print.NEWS);
    assertThat(views.printed.lines()).hasSize(told);

    scale(true).once();
    assertThat(views.printed.text())
        .contains(
            "gpu      1      0        0     0        0          0              00:01         -")
        .contains("gpu: paused until 00:01: no such partition.");
  }

  @Test
  void the_second_scaler_says_who_has_the_storage_root_and_does_nothing() {
    seat.other = onNode7(Duration.ofSeconds(12), false);

    assertThat(scale(true).once()).isEqualTo(ExitCode.STOPPED);
    assertThat(scale(true).once(Print.NEWS)).isEqualTo(ExitCode.STOPPED);

    String who = "scale on node7 (pid 412, ada) has this storage root, last seen 12 s ago";
    assertThat(views.printed.lines())
        .containsExactly(who + "; nothing was done.", who + "; nothing was done.");
    assertThat(desk.called).isEmpty();
    assertThat(desk.asked).isZero();
    assertThat(seat.left).as("it is not this one's to leave").isZero();

    seat.other = onNode7(Duration.ofSeconds(12), true);
    assertThat(scale(true).once(Print.NEWS)).isEqualTo(ExitCode.STOPPED);
    assertThat(views.printed.lines()).as("no mail each minute").hasSize(2);
  }

  @Test
  void a_dry_run_needs_no_seat_and_says_who_has_it() {
    seat.other = onNode7(Duration.ofSeconds(12), false);

    assertThat(scale(false).once()).isEqualTo(ExitCode.DONE);

    assertThat(views.printed.lines())
        .startsWith("scale on node7 (pid 412, ada) has this storage root, last seen 12 s ago.")
        .endsWith("Nothing was changed; --submit does it.");
  }

  @Test
  void who_loses_the_seat_in_the_middle_submits_nothing() {
    seat.lost = true;

    assertThat(scale(true).once(Print.NEWS)).isEqualTo(ExitCode.STOPPED);

    assertThat(desk.called).isEmpty();
  }

  @Test
  void watching_waits_for_the_seat_and_takes_over() {
    seat.other = onNode7(Duration.ofSeconds(12), false);
    List<Duration> pauses = new ArrayList<>();

    ExitCode code =
        scale(true)
            .watch(
                Duration.ofHours(1),
                pause -> {
                  pauses.add(pause);
                  if (pauses.size() == 3) {
                    seat.other = null;
                    finishAll();
                  }
                },
                Optional::empty);

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(pauses).containsOnly(Duration.ofMinutes(1));
    assertThat(untimed())
        .containsOnlyOnce("Waiting: scale on node7 (pid 412, ada) has this storage root.")
        .contains("Every run has ended.");
    assertThat(seat.left).isEqualTo(1);
  }

  @Test
  void json_is_one_object_with_ages_and_no_times_of_day() throws UnreadableJson {
    seat.other = onNode7(Duration.ofSeconds(12), false);
    assertThat(scale(false).once(Print.JSON)).isEqualTo(ExitCode.DONE);
    assertThat(scale(true).once(Print.JSON)).isEqualTo(ExitCode.STOPPED);
    seat.other = null;
    desk.refused = "gpu";
    scale(true).once(Print.JSON);
    scale(true).once(Print.JSON);

    assertThat(views.printed.lines()).hasSize(4);
    Fields kept = Fields.of(views.printed.lines().get(1).getBytes(StandardCharsets.UTF_8));
    assertThat(kept.flag("acted")).isFalse();
    assertThat(kept.object("other_scaler").number("pid")).isEqualTo(412);
    Fields dry = Fields.of(views.printed.lines().get(0).getBytes(StandardCharsets.UTF_8));
    assertThat(dry.object("other_scaler").text("host")).isEqualTo("node7");
    assertThat(dry.number("claimable")).isEqualTo(2);
    assertThat(dry.flag("acted")).isFalse();
    assertThat(dry.objects("steps").get(0).text("outcome")).isEqualTo("proposed");
    Fields paused = Fields.of(views.printed.lines().get(3).getBytes(StandardCharsets.UTF_8));
    assertThat(paused.objects("profiles").get(0).number("paused_for_s")).isEqualTo(60);
    assertThat(paused.objects("profiles").get(0).text("paused_why")).contains("no such partition");
    assertThat(paused.members())
        .containsEntry("other_scaler", null)
        .containsEntry("ends_in_s", null);
    assertThat(paused.members().keySet()).allMatch(name -> name.matches("[a-z_]+"));
  }

  @Test
  void before_the_first_line_is_pasted_the_folder_of_the_output_must_be_there() {
    logs = folder.resolve("st/logs");

    scale(false).once();
    scale(true).once();

    assertThat(views.printed.text()).containsOnlyOnce("  mkdir -p " + logs + "\n");
  }

  @Test
  void an_expected_end_alone_is_no_news() {
    assertThat(ScaleTable.lasting("gpu  8  3   14:05")).isEqualTo("gpu  8  3");
    assertThat(ScaleTable.lasting("gpu  8  3   -")).isEqualTo("gpu  8  3");
    assertThat(ScaleTable.lasting("Submitted 100_0")).isEqualTo("Submitted 100_0");
  }

  @Test
  void lines_are_quoted_for_a_shell() {
    assertThat(ShellLine.of(List.of(), List.of("a", "--b=c:1,2", "d e", "", "f'g", "$h")))
        .isEqualTo("a --b=c:1,2 'd e' '' 'f'\\''g' '$h'");
    assertThat(ShellLine.of(List.of("X", "Y"), List.of("a"))).isEqualTo("env -u X -u Y a");
  }

  /** A batch system in which nothing ever starts. */
  private static final class Desk implements TaskQueue {
    private final List<BatchTask> tasks = new ArrayList<>();
    private final List<String> called = new ArrayList<>();
    private List<TaskProfile> profiles = List.of(profile("gpu", 8));
    private List<String> leftOut = List.of();
    private String refused = "";
    private int unknown;
    private @Nullable BatchTask starting;
    private int asked;

    static TaskProfile profile(String name, int limit) {
      return new TaskProfile(name, "", "", limit, 1, List.of(), "script");
    }

    @Override
    public String name() {
      return "sr-12345678";
    }

    @Override
    public List<TaskProfile> profiles() {
      return profiles;
    }

    @Override
    public List<BatchTask> tasks() {
      asked++;
      if (unknown-- > 0) {
        throw new UserError("Slurm", "squeue is silent", "Try again");
      }
      List<BatchTask> seen = List.copyOf(tasks);
      BatchTask starts = starting;
      if (starts != null) {
        tasks.replaceAll(task -> task.id().equals(starts.id()) ? starts : task);
      }
      return seen;
    }

    @Override
    public List<String> submission(TaskProfile profile, int count) {
      return List.of("sbatch", profile.name(), Integer.toString(count), "it's");
    }

    @Override
    public List<String> cancellation(List<BatchTask> cancelled) {
      List<String> words = new ArrayList<>(List.of("scancel"));
      cancelled.forEach(task -> words.add(task.id()));
      return words;
    }

    @Override
    public List<String> leftOut() {
      return leftOut;
    }

    @Override
    public Done call(List<String> words) {
      called.add(String.join(" ", words));
      if (words.get(0).equals("scancel")) {
        tasks.removeIf(task -> words.contains(task.id()));
        return new Done(Refusal.NONE, "");
      }
      if (words.get(1).equals(refused)) {
        return new Done(Refusal.INVALID, "no such partition");
      }
      for (int i = 0; i < Integer.parseInt(words.get(2)); i++) {
        tasks.add(BatchTasks.task(100, i, words.get(1), true, 0, "ctl"));
      }
      return new Done(Refusal.NONE, "100");
    }
  }
}
