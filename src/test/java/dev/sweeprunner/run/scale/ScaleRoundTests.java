package dev.sweeprunner.run.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.BatchTask.Phase;
import dev.sweeprunner.run.TaskProfile;
import dev.sweeprunner.run.TaskQueue;
import dev.sweeprunner.run.scale.Demand.Going;
import dev.sweeprunner.run.scale.Demand.Life;
import dev.sweeprunner.run.scale.Demand.Lot;
import dev.sweeprunner.run.scale.ScaleReport.Step.Outcome;
import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a look does and says, in the situations of which the simulator only counts the tasks. */
class ScaleRoundTests {
  private final SettableClock clock = new SettableClock();
  private final Desk desk = new Desk();
  private final Map<String, Words.Word> words = new HashMap<>();
  private Demand demand = new Demand(100, 8, 0, 0, true, Map.of(), Set.of());
  private Memory memory = new Memory();
  private int saved;
  private boolean seated = true;

  private ScaleReport look(boolean submit) {
    MemoryStore store =
        new MemoryStore() {
          @Override
          public Memory load() {
            return memory;
          }

          @Override
          public void save(Memory changed) {
            saved++;
            memory = changed;
          }
        };
    return new ScaleRound(
            desk, () -> demand, () -> words, store, () -> seated, clock, Rules.DEFAULT)
        .look(submit);
  }

  private static String words(ScaleReport report, int line) {
    return report.lines().get(line).reason().words(time -> time.toString().substring(11, 16));
  }

  @Test
  void what_fails_at_once_is_told_once_and_left_alone() {
    demand = new Demand(100, 100, 0, 0, true, Map.of(), Set.of());
    assertThat(look(true).lines().get(0).submit()).isEqualTo(4);
    desk.end("FAILED", "1:0");
    clock.advance(Duration.ofSeconds(5));

    ScaleReport report = look(true);

    assertThat(report.news()).containsExactly("p0: 4 starts in a row came to nothing; 1_3: ended");
    assertThat(report.lines().get(0).failedStarts()).isEqualTo(4);
    assertThat(report.lines().get(0).submit()).isZero();
    assertThat(words(report, 0)).startsWith("paused until").endsWith("nothing; 1_3: ended");
    assertThat(look(true).news()).isEmpty();
    clock.advance(Duration.ofMinutes(2));
    assertThat(look(true).lines().get(0).submit()).as("one is tried").isEqualTo(1);
  }

  @Test
  void a_limit_of_the_site_is_met_by_halves_and_remembered() {
    desk.most = 3;

    ScaleReport report = look(true);

    assertThat(report.steps()).extracting(ScaleReport.Step::count).containsExactly(4, 2);
    assertThat(report.news()).containsExactly("p0: Slurm takes no more than 2 of these tasks now");
    ScaleReport next = look(true);
    assertThat(words(next, 0)).startsWith("Slurm takes no more than 2 until");
    assertThat(next.steps()).extracting(ScaleReport.Step::profile).containsOnly("p1");
  }

  @Test
  void what_cannot_start_leaves_its_work_to_the_next_profile() {
    desk.tasks.add(Desk.task(7, 0, "p0", Phase.BLOCKED, "PENDING", "PartitionConfig"));

    ScaleReport report = look(true);

    assertThat(words(report, 0)).isEqualTo("blocked: PartitionConfig");
    assertThat(report.steps()).extracting(ScaleReport.Step::profile).containsExactly("p1");
  }

  @Test
  void a_person_who_cancels_is_not_contradicted() {
    look(true);
    desk.end("CANCELLED", "0:15");

    ScaleReport report = look(true);

    assertThat(report.news()).containsExactly("p0: 1_3 was cancelled by somebody");
    assertThat(report.lines().get(0).submit()).isZero();
  }

  @Test
  void a_dry_run_changes_nothing_and_whoever_lost_the_seat_neither() {
    assertThat(look(false).steps()).extracting(s -> s.outcome()).containsOnly(Outcome.PROPOSED);
    seated = false;

    ScaleReport report = look(true);

    assertThat(report.seated()).isFalse();
    assertThat(report.steps()).extracting(s -> s.outcome()).containsOnly(Outcome.LEFT);
    assertThat(desk.tasks).isEmpty();
    assertThat(saved).isZero();
  }

  @Test
  void the_intent_is_saved_before_sbatch_is_called() {
    desk.asked = command -> assertThat(memory.of("p0").starts.unclaimed()).isNotEmpty();

    look(true);

    assertThat(saved).isPositive();
  }

  @Test
  void whoever_would_come_too_late_is_not_sent() {
    demand = working(50, 1000);
    desk.tasks.add(Desk.task(7, 0, "p0", Phase.RUNNING, "RUNNING", ""));
    memory.of("p0").rates = new Rates(1.0, 600.0, 300.0);

    ScaleReport soon = look(false);
    demand = working(50_000, 1000);
    ScaleReport late = look(false);

    assertThat(words(soon, 0)).startsWith("the running ones finish the work");
    assertThat(soon.end()).isEqualTo(clock.now().plusSeconds(100));
    assertThat(late.lines().get(0).submit()).isEqualTo(1);
    assertThat(late.end()).isEqualTo(clock.now().plusSeconds(50_400));
    assertThat(late.lines().get(0).end()).isEqualTo(clock.now().plusSeconds(50_000));
  }

  /** One run of a task has so far to go, and another of 50 updates waits. */
  private static Demand working(long left, long done) {
    Life life = new Life("7_0", 0, "ctl");
    return new Demand(
        2,
        1,
        1,
        0,
        true,
        Map.of(life, 1),
        Set.of(),
        Map.of(new Lot(Set.of("a"), left < 1000 ? 50 : 400), 1),
        List.of(new Going(life, "r", done, done + left)),
        Set.of("a"));
  }

  /** A Slurm in which nothing happens by itself. */
  private static final class Desk implements TaskQueue {
    private final List<BatchTask> tasks = new ArrayList<>();
    private Consumer<List<String>> asked = words -> {};
    private int most = 100;
    private long job;

    static BatchTask task(
        long job, int index, String profile, Phase phase, String state, String reason) {
      return new BatchTask(job, index, profile, phase, state, reason, "", 0, Duration.ZERO, "ctl");
    }

    void end(String state, String exit) {
      tasks.replaceAll(
          t ->
              t.job() > 1
                  ? t
                  : new BatchTask(
                      t.job(),
                      t.index(),
                      t.profile(),
                      Phase.ENDED,
                      state,
                      "",
                      exit,
                      0,
                      Duration.ZERO,
                      "ctl"));
    }

    @Override
    public String name() {
      return "sr-12345678";
    }

    @Override
    public List<TaskProfile> profiles() {
      return List.of(profile("p0"), profile("p1"));
    }

    private static TaskProfile profile(String name) {
      return new TaskProfile(name, "", "", 9, 1, List.of(), "script");
    }

    @Override
    public List<BatchTask> tasks() {
      return List.copyOf(tasks);
    }

    @Override
    public List<String> submission(TaskProfile profile, int count) {
      return List.of("sbatch", profile.name(), Integer.toString(count));
    }

    @Override
    public List<String> cancellation(List<BatchTask> cancelled) {
      return List.of("scancel");
    }

    @Override
    public List<String> leftOut() {
      return List.of();
    }

    @Override
    public String ending(BatchTask task) {
      return "ended";
    }

    @Override
    public Done call(List<String> command) {
      asked.accept(command);
      int count = Integer.parseInt(command.get(2));
      if (command.get(1).equals("p0") && tasks.size() + count > most) {
        return new Done(Refusal.LIMIT, "QOSMaxSubmitJobPerUserLimit");
      }
      job++;
      for (int i = 0; i < count; i++) {
        tasks.add(task(job, i, command.get(1), Phase.PENDING, "PENDING", ""));
      }
      return new Done(Refusal.NONE, Long.toString(job));
    }
  }
}
