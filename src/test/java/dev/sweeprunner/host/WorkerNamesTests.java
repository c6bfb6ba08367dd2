package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes.Verdict;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerNamesTests {
  @TempDir Path root;
  private final Map<String, Verdict> lives = new HashMap<>();

  @Test
  void live_processes_get_different_names() throws IOException {
    assertThat(names("a").ofHost()).isEqualTo("node1-1");
    assertThat(names("b").ofHost()).isEqualTo("node1-2");
    assertThat(names("c").ofHost()).isEqualTo("node1-3");
  }

  @Test
  void the_smallest_name_of_a_dead_process_is_taken_over() throws IOException {
    names("a").ofHost();
    names("b").ofHost();
    lives.put("a", Verdict.GONE);

    assertThat(names("c").ofHost()).isEqualTo("node1-1");
    assertThat(new LocalFiles().list(layout().workers()))
        .containsExactlyInAnyOrder("node1-1.name-00000002", "node1-2.name-00000001");
  }

  @Test
  void what_a_killed_process_left_in_the_making_is_cleared() throws IOException {
    new LocalFiles().makeFolders(layout().workers());
    Files.writeString(layout().workers().resolve(".t.4711"), "{");

    names("a").ofHost();

    assertThat(new LocalFiles().list(layout().workers())).containsExactly("node1-1.name-00000001");
  }

  @Test
  void a_process_that_asks_again_keeps_its_name() throws IOException {
    var names = names("a");

    assertThat(names.ofHost()).isEqualTo(names.ofHost());
  }

  @Test
  void a_holder_of_unknown_life_keeps_a_numbered_name() throws IOException {
    names("a").ofHost();
    lives.put("a", Verdict.UNKNOWN);

    assertThat(names("b").ofHost()).isEqualTo("node1-2");
  }

  @Test
  void a_torn_holder_keeps_its_name_and_stops_nobody() throws IOException {
    new LocalFiles().makeFolders(layout().workers());
    Files.writeString(layout().workerName("node1-1", 1), "{\"incarnation\":");

    assertThat(names("b").ofHost()).isEqualTo("node1-2");
  }

  @Test
  void a_wished_name_is_refused_only_to_the_second_of_two_that_live() throws IOException {
    assertThat(names("a").like("local-3")).isEqualTo("local-3");
    assertThat(names("b").like("local-3")).isEqualTo("local-3-2");
    lives.put("a", Verdict.UNKNOWN);

    assertThat(names("c").like("local-3")).isEqualTo("local-3");
  }

  @Test
  void the_next_life_of_a_slurm_task_takes_its_name_over() throws IOException {
    names("a", new SlurmTask("12", "11", "3", 0, "n1")).ofHost();
    lives.put("a", Verdict.UNKNOWN);

    assertThat(names("b", new SlurmTask("12", "11", "4", 1, "n2")).ofHost()).isEqualTo("node1-2");
    assertThat(names("c", new SlurmTask("12", "11", "3", 1, "n2")).ofHost()).isEqualTo("node1-1");
  }

  @Test
  void a_name_is_fit_for_a_file() throws IOException {
    assertThat(names("a").like("../a b/ü")).isEqualTo("a-b-");
  }

  @Test
  void many_that_race_for_a_dead_name_never_share_one() throws Exception {
    var pool = Executors.newFixedThreadPool(6);
    try {
      for (int round = 0; round < 8; round++) {
        var starts = new ArrayList<Callable<String>>();
        for (int i = 0; i < 6; i++) {
          var names = names("round-" + round + "-" + i);
          starts.add(names::ofHost);
        }
        var got = new ArrayList<String>();
        for (Future<String> name : pool.invokeAll(starts)) {
          got.add(name.get());
        }

        assertThat(got)
            .as("round %d", round)
            .doesNotHaveDuplicates()
            .contains("node1-1")
            .allMatch(name -> name.matches("node1-[1-6]"));
        synchronized (lives) {
          for (int i = 0; i < 6; i++) {
            lives.put("round-" + round + "-" + i, Verdict.GONE);
          }
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void real_processes_that_start_together_get_different_names_and_a_killed_one_frees_its()
      throws Exception {
    try (var one = ChildJvm.start(SleepingProcess.class, "name", root.toString());
        var two = ChildJvm.start(SleepingProcess.class, "name", root.toString());
        var three = ChildJvm.start(SleepingProcess.class, "name", root.toString())) {
      var children = List.of(one, two, three);
      for (var child : children) {
        assertThat(child.line()).isEqualTo("ready");
      }
      for (var child : children) {
        child.go();
      }
      var names = new ArrayList<String>();
      for (var child : children) {
        names.add(child.line());
      }
      assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches(".+-[123]"));

      two.kill();
      var self = ThisProcess.read(Environment.ofThisProcess());
      var next =
          new WorkerNames(new LocalFiles(), layout(), self, null, new ProcProcesses(self)).ofHost();

      assertThat(next).isEqualTo(names.get(1));
    }
  }

  private Layout layout() {
    return new Layout(root);
  }

  private WorkerNames names(String incarnation) {
    return names(incarnation, null);
  }

  private WorkerNames names(String incarnation, @Nullable SlurmTask slurm) {
    var self = new ThisProcess(incarnation, "node1", "m", "b", 1, "1", "1", "ada");
    return new WorkerNames(new LocalFiles(), layout(), self, slurm, this::life);
  }

  private Verdict life(Owner owner) {
    synchronized (lives) {
      return lives.getOrDefault(owner.incarnation(), Verdict.ALIVE);
    }
  }
}
