package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes.Verdict;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is removed of workers that are gone, and above all what is not. */
class StaleWorkersTests {
  private static final Duration AGED = StaleWorkers.OLD.plusHours(1);

  @TempDir Path root;

  private final Map<String, Verdict> lives = new HashMap<>();
  private Layout layout;

  @BeforeEach
  void this_worker_reports() throws IOException {
    layout = new Layout(root);
    Files.createDirectories(layout.workers());
    Files.createDirectories(layout.batch());
    put(layout.worker("me"), Duration.ZERO);
    put(layout.batch("me"), AGED);
  }

  @Test
  void all_three_files_of_a_worker_gone_for_a_week_are_removed() throws IOException {
    left("local-12_3", AGED);

    remove();

    assertThat(names()).containsExactly("me.json", "me.mv.db");
    assertThat(layout.nameFloor(1)).exists();
    assertThat(process("next", new LocalFiles()).like("local-12_3")).isEqualTo("local-12_3");
    assertThat(layout.workerName("local-12_3", 2)).exists();
  }

  @Test
  void one_file_says_for_all_names_what_was_given_before() throws IOException {
    for (int worker = 1; worker <= 3; worker++) {
      for (int life = 1; life <= worker; life++) {
        lives.put("w" + worker + "-" + life, Verdict.GONE);
        process("w" + worker + "-" + life, new LocalFiles()).like("w" + worker);
      }
      age(layout.workerName("w" + worker, worker), AGED);
    }

    remove();

    assertThat(new LocalFiles().list(layout.workers()))
        .containsExactlyInAnyOrder("me.json", ".names-00000003");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"local-12_3.json", "local-12_3.name-00000001", "../.batch/local-12_3.mv.db"})
  void one_young_file_keeps_all(String young) throws IOException {
    left("local-12_3", AGED);
    age(layout.workers().resolve(young), StaleWorkers.OLD.minusHours(1));

    remove();

    assertThat(names()).contains("local-12_3.json", "local-12_3.name-00000001", "local-12_3.mv.db");
  }

  @Test
  void a_worker_that_is_proven_alive_keeps_all_however_old() throws IOException {
    left("local-12_3", AGED);
    lives.put("local-12_3", Verdict.ALIVE);

    remove();

    assertThat(names()).contains("local-12_3.json", "local-12_3.name-00000001", "local-12_3.mv.db");
  }

  @Test
  void whoever_comes_back_while_it_is_watched_keeps_what_it_had() throws IOException {
    left("local-12_3", AGED);
    left("local-12_4", AGED);
    StaleWorkers stale = stale("me", new LocalFiles());
    List<StaleWorkers.Left> old = stale.look();

    age(layout.worker("local-12_3"), Duration.ZERO);
    assertThat(process("back", new LocalFiles()).like("local-12_4")).isEqualTo("local-12_4");
    stale.remove(old);

    assertThat(names())
        .contains("local-12_3.json", "local-12_3.name-00000001", "local-12_3.mv.db")
        .contains("local-12_4.json", "local-12_4.name-00000002", "local-12_4.mv.db");
  }

  @Test
  void a_clock_far_ahead_removes_nothing_that_is_touched_again() throws IOException {
    left("other", Duration.ZERO);
    age(layout.worker("me"), Duration.ofDays(-3650));
    StaleWorkers stale = stale("me", new LocalFiles());
    List<StaleWorkers.Left> old = stale.look();
    age(layout.worker("other"), Duration.ofSeconds(-30));

    stale.remove(old);

    assertThat(old).hasSize(1);
    assertThat(names()).contains("other.json", "other.name-00000001", "other.mv.db");
  }

  @Test
  void second_and_damaged_repositories_go_and_stay_with_their_worker() throws IOException {
    left("node1-1", AGED);
    put(layout.batch("node1-1-4711"), AGED);
    put(layout.batch("node1-1.damaged"), AGED);
    left("node2-1", AGED);
    put(layout.batch("node2-1-4711"), Duration.ZERO);
    left("node3", Duration.ZERO);
    put(layout.batch("node3-4711"), AGED);

    remove();

    assertThat(names())
        .containsExactlyInAnyOrder(
            "me.json",
            "me.mv.db",
            "node2-1.json",
            "node2-1.name-00000001",
            "node2-1.mv.db",
            "node2-1-4711.mv.db",
            "node3.json",
            "node3.name-00000001",
            "node3.mv.db",
            "node3-4711.mv.db");
  }

  @Test
  void a_report_or_a_repository_alone_goes_too() throws IOException {
    put(layout.worker("gave-up-its-name"), AGED);
    put(layout.batch("nobody"), AGED);

    remove();

    assertThat(names()).containsExactly("me.json", "me.mv.db");
  }

  @Test
  void nothing_else_is_touched() throws IOException {
    left("local-12_3", AGED);
    for (String other : List.of("notes.txt", ".t.4711", "x.name-1", ".hidden.json")) {
      put(layout.workers().resolve(other), AGED);
    }
    put(layout.batch().resolve("x.trace.db"), AGED);
    Path run = Files.createDirectories(root.resolve("out/toy/grid/0a1b2c3d_s64"));
    put(run.resolve("config.json"), AGED);
    put(Files.createDirectories(root.resolve("out/.scale")).resolve("memory.json"), AGED);

    remove();

    assertThat(names())
        .containsExactlyInAnyOrder(
            "me.json",
            "me.mv.db",
            "notes.txt",
            ".t.4711",
            "x.name-1",
            ".hidden.json",
            "x.trace.db");
    assertThat(run.resolve("config.json")).exists();
    assertThat(root.resolve("out/.scale/memory.json")).exists();
  }

  @Test
  void who_has_not_reported_yet_knows_no_time() throws IOException {
    left("local-12_3", AGED);

    assertThat(stale("nobody", new LocalFiles()).look()).isEmpty();
  }

  @Test
  void each_looks_at_a_few_in_an_order_of_its_own() throws IOException {
    for (int i = 0; i < 300; i++) {
      put(layout.worker("local-9_" + i), AGED);
    }
    Counting counted = new Counting();

    List<StaleWorkers.Left> one = stale("me", counted).look();
    List<StaleWorkers.Left> other = stale("me", new LocalFiles(), "another").look();

    assertThat(one).hasSize(StaleWorkers.MOST);
    assertThat(counted.calls).isEqualTo(1 + 2 + StaleWorkers.MOST);
    assertThat(other).hasSize(StaleWorkers.MOST).isNotEqualTo(one);
  }

  @Test
  void many_that_remove_at_once_remove_each_once() throws Exception {
    for (int i = 0; i < 200; i++) {
      left("local-9_" + i, AGED);
    }
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> removers =
        Stream.iterate(0, i -> i + 1)
            .limit(8)
            .map(
                i ->
                    new Thread(
                        () -> {
                          StaleWorkers stale = stale("me", new LocalFiles(), "remover-" + i);
                          await(go);
                          for (int round = 0; round < 20; round++) {
                            stale.remove(stale.look());
                          }
                        }))
            .toList();
    removers.forEach(Thread::start);
    go.countDown();
    for (Thread remover : removers) {
      remover.join();
    }

    assertThat(names()).containsExactly("me.json", "me.mv.db");
  }

  @Test
  void a_task_that_does_not_come_back_leaves_its_report_alone() throws IOException {
    ThisProcess self = self("task");
    WorkerNames names =
        new WorkerNames(new LocalFiles(), layout, self, task(), owner -> Verdict.ALIVE);
    String name = names.like("local-12_3");
    put(layout.worker(name), Duration.ZERO);
    put(layout.batch(name), Duration.ZERO);
    put(layout.batch(name + "-1"), Duration.ZERO);
    put(layout.batch(name + "-2"), Duration.ZERO);

    names.stale(name).leave();

    assertThat(names())
        .containsExactlyInAnyOrder("me.json", "me.mv.db", "local-12_3.json", "local-12_3-2.mv.db");
  }

  @Test
  void a_name_that_another_has_taken_meanwhile_is_left_alone() throws IOException {
    WorkerNames names =
        new WorkerNames(new LocalFiles(), layout, self("task"), task(), owner -> Verdict.UNKNOWN);
    String name = names.like("local-12_3");
    process("heir", new LocalFiles()).like(name);
    put(layout.batch(name), Duration.ZERO);

    names.stale(name).leave();

    assertThat(names()).contains("local-12_3.name-00000002", "local-12_3.mv.db");
  }

  @Test
  void outside_slurm_a_name_and_its_memory_stay() throws IOException {
    WorkerNames names = process("a", new LocalFiles());
    String name = names.ofHost();
    put(layout.batch(name), Duration.ZERO);

    names.stale(name).leave();

    assertThat(names()).contains("node1-1.name-00000001", "node1-1.mv.db");
  }

  private static SlurmTask task() {
    return new SlurmTask("15", "12", "3", 0, "n1");
  }

  private void remove() {
    StaleWorkers stale = stale("me", new LocalFiles());
    stale.remove(stale.look());
  }

  private StaleWorkers stale(String own, FileSystem files) {
    return stale(own, files, "me");
  }

  private StaleWorkers stale(String own, FileSystem files, String incarnation) {
    return process(incarnation, files).stale(own);
  }

  private WorkerNames process(String incarnation, FileSystem files) {
    return new WorkerNames(files, layout, self(incarnation), null, this::life);
  }

  private static ThisProcess self(String incarnation) {
    return new ThisProcess(incarnation, "node1", "m", "b", 1, "1", "1", "ada");
  }

  private Verdict life(Owner owner) {
    return lives.getOrDefault(owner.incarnation(), Verdict.UNKNOWN);
  }

  /** What a worker of this name leaves that is killed; its incarnation is its name. */
  private void left(String worker, Duration age) throws IOException {
    process(worker, new LocalFiles()).like(worker);
    age(layout.workerName(worker, 1), age);
    put(layout.worker(worker), age);
    put(layout.batch(worker), age);
  }

  private static void put(Path file, Duration age) throws IOException {
    Files.writeString(file, "{}");
    age(file, age);
  }

  private static void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  private TreeSet<String> names() throws IOException {
    TreeSet<String> names = new TreeSet<>(new LocalFiles().list(layout.workers()));
    names.addAll(new LocalFiles().list(layout.batch()));
    names.removeIf(name -> name.startsWith(Layout.FLOOR));
    return names;
  }

  private static void await(CountDownLatch go) {
    try {
      assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Counts what is asked of the disk. */
  private static final class Counting extends Delegating {
    private int calls;

    Counting() {
      super(new LocalFiles());
    }

    @Override
    public List<String> list(Path folder) throws IOException {
      calls++;
      return super.list(folder);
    }

    @Override
    public byte[] read(Path file) throws IOException {
      calls++;
      return super.read(file);
    }

    @Override
    public Instant modified(Path file) throws IOException {
      calls++;
      return super.modified(file);
    }
  }
}
