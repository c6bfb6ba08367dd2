package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldScheduler;
import dev.sweeprunner.testkit.ToldWorkers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class WorkersCommandTests {
  private final SettableClock clock = new SettableClock();
  private final Instant now = clock.now();
  private final ToldWorkers reports = new ToldWorkers();
  private final ToldScheduler scheduler = new ToldScheduler();
  private final Map<String, Processes.Verdict> processes = new HashMap<>();
  private final Map<String, Liveness> beats = new HashMap<>();
  private final Captured printed = new Captured();

  private void worker(String name, @Nullable String runId, Duration heard) {
    worker(Situations.owner(name), runId == null ? "waiting" : "training", runId, heard, "");
  }

  private void worker(
      Owner owner, String activity, @Nullable String runId, Duration heard, String message) {
    reports.report(
        new WorkerReport.Status(
            owner,
            8080,
            "sweep.yaml",
            activity,
            runId,
            message,
            runId == null ? 0 : 1500,
            3,
            2,
            0,
            List.of(),
            now.minus(heard),
            now.minus(heard).minusSeconds(600)));
  }

  private List<String> run(OutputFormat format, boolean all, int columns) {
    Roll roll =
        new Roll(
            reports,
            owner -> processes.getOrDefault(owner.worker(), Processes.Verdict.UNKNOWN),
            scheduler,
            report -> Optional.ofNullable(beats.get(report.owner().worker())),
            clock,
            Views.EXPIRY);
    Screen screen = new Screen(printed.out(), false, false, columns);
    new WorkersCommand(roll, Views.ROOT, screen).run(format, all);
    return printed.lines();
  }

  private String life(String worker) {
    return run(OutputFormat.CSV, true, 200).stream()
        .filter(line -> line.startsWith(worker + ","))
        .map(line -> line.split(",", -1))
        .map(cells -> cells[1] + " " + cells[2])
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_table_says_who_does_what_where_since_when_and_how_fast() {
    worker("w1", "9f3c21aa", Duration.ofSeconds(4));
    worker("w2", null, Duration.ofSeconds(40));

    List<String> lines = run(OutputFormat.TABLE, false, 200);

    assertThat(lines.subList(0, 3))
        .containsExactly(
            "worker  life  does                  for     rate  host   device  job    port  heard",
            "w1      live  training 9f3c21aa  10 min  1.50k/s  node7  cpu     123_4  8080  4 s ago",
            "w2      live  waiting            11 min        -  node7  cpu     123_4  8080  40 s"
                + " ago");
    assertThat(lines).contains("2 workers: 2 live", "Storage root /st");
  }

  @Test
  void a_process_of_this_host_says_what_it_is() {
    worker("w1", "9f3c21aa", Duration.ofHours(3));
    worker("w2", "9f3c21ab", Duration.ofSeconds(1));
    processes.put("w1", Processes.Verdict.ALIVE);
    processes.put("w2", Processes.Verdict.GONE);

    assertThat(life("w1")).isEqualTo("live pid 42 runs on this host");
    assertThat(life("w2")).isEqualTo("gone pid 42 of this host is gone");
  }

  @Test
  void slurm_says_that_a_job_is_over() {
    worker("w1", "9f3c21aa", Duration.ofSeconds(1));
    scheduler.tell("123_4", new Scheduler.View.Gone("123_4", "is FAILED"));

    assertThat(life("w1")).isEqualTo("gone Slurm job 123_4 is FAILED");
  }

  @Test
  void who_has_left_is_gone_and_says_why() {
    worker(Situations.owner("w1"), "stopped", null, Duration.ofSeconds(1), "on SIGTERM");

    assertThat(life("w1")).isEqualTo("gone it left: on SIGTERM");
  }

  @Test
  void of_whom_nothing_was_heard_the_claim_may_beat_still() {
    worker("w1", "9f3c21aa", Duration.ofHours(1));
    worker("w2", "9f3c21ab", Duration.ofHours(1));
    worker("w3", null, Duration.ofHours(1));
    beats.put("w1", beat(Duration.ofSeconds(20)));
    beats.put("w2", beat(Duration.ofHours(1)));

    assertThat(life("w1")).isEqualTo("live its claim beats");
    assertThat(life("w2")).isEqualTo("silent nothing shows whether it is there");
    assertThat(life("w3")).startsWith("silent");
    assertThat(run(OutputFormat.TABLE, false, 200))
        .contains(
            "3 workers: 1 live, 2 silent",
            "Attention: w2 is silent, nothing shows whether it is there; all about its run:"
                + " ./sweep-runner explain 9f3c21ab");
  }

  @Test
  void who_is_gone_for_more_than_a_day_is_counted_and_listed_with_all() {
    worker("w1", null, Duration.ofSeconds(1));
    worker(Situations.owner("w2"), "stopped", null, Duration.ofDays(3), "");

    assertThat(run(OutputFormat.TABLE, false, 200))
        .contains("2 workers: 1 live, 1 gone; 1 of them for more than a day: --all lists them")
        .noneMatch(line -> line.startsWith("w2"));
    assertThat(run(OutputFormat.TABLE, true, 200)).anyMatch(line -> line.startsWith("w2"));
  }

  @Test
  void programs_read_the_same_and_names_are_harmless() {
    worker("=cmd()\u001B[2J<img src=x>", "9f3c21aa", Duration.ofSeconds(2));

    List<String> csv = run(OutputFormat.CSV, false, 200);
    assertThat(csv.get(1)).startsWith("'=cmd()\\u001b[2J<img src=x>,live,");
    int before = csv.size();
    String json = String.join("\n", run(OutputFormat.JSON, false, 200).subList(before, before + 3));
    var worker = JsonMapper.shared().readTree(json).get(0);
    assertThat(worker.path("life").stringValue()).isEqualTo("live");
    assertThat(worker.path("since_s").doubleValue()).isEqualTo(602);
    assertThat(worker.path("port").intValue()).isEqualTo(8080);
    run(OutputFormat.TABLE, false, 200);
    assertThat(printed.text()).doesNotContain("\u001B");
  }

  @Test
  void no_row_is_wider_than_the_screen_and_nobody_is_an_answer() {
    assertThat(run(OutputFormat.TABLE, false, 80)).contains("0 workers");
    worker("cluster-123_4", "9f3c21aa", Duration.ofSeconds(4));
    worker("cluster-123_5", null, Duration.ofMinutes(40));

    assertThat(run(OutputFormat.TABLE, false, 80))
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));
  }

  private static Liveness beat(Duration silence) {
    return new Liveness(Liveness.Kind.SILENT, "", silence, Duration.ZERO, 0, "");
  }
}
