package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Scheduler.View;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.testkit.Delegating;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.ToldWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts of one storage root, each with a clock of its own, before a squeue that counts. */
class ManyHostsTests {
  private static final String HERE = "sweeptest@ctl1(10.0.0.1):6817";
  private static final Duration FRESH = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final SettableClock server = new SettableClock();
  private final ToldWorkers workers = new ToldWorkers();
  private FileSystem files = new ServedFiles();

  @BeforeEach
  void aSlurm() throws IOException {
    FakeProgram.put(folder, "scontrol", "cat " + Recorded.file(folder, "config.txt"));
    FakeProgram.put(
        folder,
        "squeue",
        """
        cd '%s'
        echo "$@" >> calls
        case "$*" in *--user*) cat list;; *) cat one;; esac
        """
            .formatted(folder));
    Files.writeString(folder.resolve("one"), Recorded.heading());
    listed(running(9));
    Files.createDirectory(folder.resolve("out"));
  }

  @Test
  void however_many_hosts_look_one_asks_in_half_a_minute() throws IOException {
    List<Scheduler> hosts = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      hosts.add(host(i, Duration.ZERO));
    }

    for (int seconds = 0; seconds < 300; seconds += 15) {
      hosts.forEach(host -> assertThat(kind(host.view(owner(9)))).isEqualTo("Present"));
      server.advance(Duration.ofSeconds(15));
    }

    assertThat(calls()).hasSize(10).allMatch(call -> call.contains("--user=ann --jobs=9 "));
  }

  @Test
  void a_host_asks_for_the_jobs_of_all_workers_and_of_the_claims_that_it_met() throws IOException {
    workers.report(ToldWorkers.status(owner(5), "r", 1));
    workers.report(ToldWorkers.status(owner(5, "7"), "r", 1));
    workers.report(ToldWorkers.status(owner(6, "0", "elsewhere@ctl:6817", "ann"), "r", 1));
    workers.report(ToldWorkers.status(owner(7, "0", HERE, "bob"), "r", 1));

    host(0, Duration.ZERO).view(owner(9));

    assertThat(calls()).hasSize(1);
    assertThat(calls().get(0)).contains("--user=ann --jobs=5,9 ");
  }

  @Test
  void who_left_and_was_forgotten_is_not_asked_for_again() throws IOException {
    workers.report(stopped(owner(5)));
    Scheduler host = host(0, Duration.ZERO);

    host.view(owner(9));
    server.advance(FRESH);
    host.view(owner(9));

    assertThat(calls().get(0)).contains("--jobs=5,9 ");
    assertThat(calls().get(1)).contains("--jobs=9 ");
  }

  @Test
  void a_job_that_one_host_met_alone_is_asked_for_by_the_next_too_while_it_lives()
      throws IOException {
    listed(running(9), running(11));
    host(0, Duration.ZERO).view(owner(11));
    server.advance(FRESH);
    host(1, Duration.ZERO).view(owner(9));

    assertThat(calls().get(1)).contains("--jobs=9,11 ");
  }

  @Test
  void a_job_that_nobody_had_asked_for_is_asked_for_by_name_not_taken_for_gone()
      throws IOException {
    host(0, Duration.ZERO).view(owner(9));
    Files.writeString(folder.resolve("one"), Recorded.heading() + running(12));
    Scheduler other = host(1, Duration.ZERO);

    assertThat(kind(other.view(owner(12)))).isEqualTo("Unknown");
    assertThat(kind(other.view(owner(12)))).isEqualTo("Present");

    assertThat(calls()).hasSize(2);
    assertThat(calls().get(1)).contains("--jobs=12_0 ");
  }

  @Test
  void that_slurm_forgot_a_job_is_found_out_once_for_all() throws IOException {
    assertThat(kind(host(0, Duration.ZERO).view(owner(12)))).isEqualTo("Gone");
    int asked = calls().size();

    for (int i = 1; i < 8; i++) {
      Scheduler host = host(i, Duration.ZERO);
      assertThat(kind(host.view(owner(12)))).isEqualTo("Gone");
    }

    assertThat(calls()).hasSize(asked);
  }

  /** A Slurm that lost its state gives ids anew. */
  @Test
  void a_job_that_is_listed_is_there_whatever_was_known_of_its_id() throws IOException {
    assertThat(kind(host(0, Duration.ZERO).view(owner(12)))).isEqualTo("Gone");

    listed(running(12));
    server.advance(FRESH);
    assertThat(kind(host(1, Duration.ZERO).view(owner(12)))).isEqualTo("Present");

    assertThat(Files.readString(folder.resolve("out/.slurm").resolve(file())))
        .contains("\"unknown\":[]");
  }

  /** Clocks that munge would let through, and worse ones. */
  @ParameterizedTest
  @ValueSource(longs = {0, 4, -4, 20, -20, 250, -250, 4_000_000, -4_000_000})
  void a_wrong_clock_costs_questions_and_no_answer_is_believed_for_longer(long ahead)
      throws IOException {
    Scheduler right = host(0, Duration.ZERO);
    Scheduler wrong = host(1, Duration.ofSeconds(ahead));

    for (int seconds = 0; seconds < 300; seconds += 10) {
      right.view(owner(9));
      wrong.view(owner(9));
      server.advance(Duration.ofSeconds(10));
    }
    assertThat(calls().size()).isBetween(10, 22);

    listed(Recorded.line("9", "0", "99", "FAILED", 0));
    server.advance(FRESH);
    wrong.view(owner(9));
    server.advance(FRESH);
    assertThat(kind(wrong.view(owner(9)))).isEqualTo("Gone");
  }

  @Test
  void an_asker_that_died_is_overtaken_after_what_a_question_may_take() throws IOException {
    Scheduler host = host(0, Duration.ZERO);
    host.view(owner(9));
    Path asker = folder.resolve("out/.slurm").resolve(file().replace(".json", ".ask-00000002"));
    Files.writeString(asker, "");

    for (int i = 0; i < 4; i++) {
      server.advance(FRESH);
      host.view(owner(9));
    }

    assertThat(calls()).hasSizeGreaterThan(1);
    assertThat(asker).doesNotExist();
  }

  @Test
  void a_look_does_not_wait_for_another_asker() throws IOException {
    host(0, Duration.ZERO).view(owner(9));
    server.advance(FRESH);
    Path asker = folder.resolve("out/.slurm").resolve(file().replace(".json", ".ask-00000002"));
    Files.writeString(asker, "");

    assertThat(kind(host(1, Duration.ZERO).view(owner(9)))).isEqualTo("Unknown");
    assertThat(calls()).hasSize(1);

    assertThat(kind(looker(2).view(owner(9)))).isEqualTo("Present");
    assertThat(asker).exists();
  }

  @Test
  void who_only_looks_writes_nothing_and_goes_by_what_the_workers_know() throws IOException {
    assertThat(kind(looker(0).view(owner(9)))).isEqualTo("Present");
    assertThat(kind(looker(0).view(owner(9)))).isEqualTo("Present");
    assertThat(calls()).as("one host's").hasSize(1);
    assertThat(folder.resolve("out")).isEmptyDirectory();

    host(1, Duration.ZERO).view(owner(9));
    assertThat(kind(looker(2).view(owner(9)))).isEqualTo("Present");
    assertThat(calls()).hasSize(2);
  }

  @Test
  void where_there_is_no_storage_root_none_is_made() throws IOException {
    Files.delete(folder.resolve("out"));

    assertThat(kind(host(0, Duration.ZERO).view(owner(9)))).isEqualTo("Present");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void where_nothing_can_be_written_each_host_asks_for_itself() throws IOException {
    files = new ReadOnly();

    assertThat(kind(host(0, Duration.ZERO).view(owner(9)))).isEqualTo("Present");
    assertThat(kind(host(1, Duration.ZERO).view(owner(9)))).isEqualTo("Present");

    assertThat(calls()).hasSize(2);
    assertThat(folder.resolve("out")).isEmptyDirectory();
  }

  @Test
  void an_answer_of_a_newer_version_or_a_torn_one_is_none() throws IOException {
    host(0, Duration.ZERO).view(owner(9));
    Path file = folder.resolve("out/.slurm").resolve(file());
    for (String text : List.of("{\"v\":2}", "", "{", "[]", "{\"v\":1,\"generation\":7}")) {
      Files.writeString(file, text);
      assertThat(kind(host(1 + text.length(), Duration.ZERO).view(owner(9)))).isEqualTo("Present");
    }
  }

  private String file() throws IOException {
    try (var names = Files.list(folder.resolve("out/.slurm"))) {
      return names
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Scheduler host(int number, Duration ahead) {
    return scheduler(number, ahead, false);
  }

  private Scheduler looker(int number) {
    return scheduler(number, Duration.ZERO, true);
  }

  private Scheduler scheduler(int number, Duration ahead, boolean once) {
    return new Slurm(
            new Slurm.Options(folder.toString(), "ann", "", Duration.ofSeconds(20), FRESH, once),
            files,
            new Slurm.Places(folder.resolve("host" + number), new Layout(folder), workers),
            new Shifted(ahead),
            Runnable::run,
            null)
        .scheduler();
  }

  private void listed(String... lines) throws IOException {
    Files.writeString(folder.resolve("list"), Recorded.heading() + String.join("", lines));
  }

  private static String running(int array) {
    return Recorded.line(Integer.toString(array), "0", "99", "RUNNING", 0);
  }

  private List<String> calls() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  private static String kind(View view) {
    return view.getClass().getSimpleName();
  }

  private static Owner owner(int array) {
    return owner(array, "0");
  }

  private static Owner owner(int array, String index) {
    return owner(array, index, HERE, "ann");
  }

  private static Owner owner(int array, String index, String controller, String user) {
    SlurmTask task = new SlurmTask("99", Integer.toString(array), index, 0, "n1", controller);
    return new Owner("i", "w", "a", "host", "m", "b", 1, "1", "1", user, "cpu", task);
  }

  private static WorkerReport.Status stopped(Owner owner) {
    WorkerReport.Status status = ToldWorkers.status(owner, null, 0);
    return new WorkerReport.Status(
        owner, -1, status.sweep(), "stopped", null, "", 0, 0, 0, List.of(), status.written());
  }

  /** The time of a host whose wall clock is wrong. */
  private final class Shifted implements Clock {
    private final Duration ahead;

    Shifted(Duration ahead) {
      this.ahead = ahead;
    }

    @Override
    public Instant now() {
      return server.now().plus(ahead);
    }

    @Override
    public long nanos() {
      return server.nanos();
    }
  }

  /** Files whose times are those of a server with the test's clock. */
  private final class ServedFiles extends Delegating {
    ServedFiles() {
      super(new LocalFiles());
    }

    @Override
    public Instant modified(Path file) throws IOException {
      super.modified(file);
      return server.now();
    }
  }

  /** Files that this user may only read. */
  private static final class ReadOnly extends Delegating {
    ReadOnly() {
      super(new LocalFiles());
    }

    @Override
    public void makeFolders(Path folder) throws IOException {
      throw new IOException("read-only file system");
    }
  }
}
