package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes.Verdict;
import dev.sweeprunner.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcProcessesTests {
  private static final ThisProcess SELF =
      new ThisProcess("i", "node1", "machine", "boot", 7, "70", "4026", "ada");

  private static Owner owner(
      String host, String machine, String boot, long pid, String start, String user) {
    return new Owner("j", "w", "local", host, machine, boot, pid, start, "4026", user, "cpu", null);
  }

  @TempDir Path proc;

  private Verdict judge(Owner owner) {
    return new ProcProcesses(SELF, proc).judge(owner);
  }

  private void process(long pid, String state, String start, int threads) throws IOException {
    var folder = proc.resolve(Long.toString(pid));
    for (int i = 0; i < threads; i++) {
      Files.createDirectories(folder.resolve("task/" + (pid + i)));
    }
    var fields = " 1 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 " + start + " 1 1 1";
    Files.writeString(folder.resolve("stat"), pid + " (ja) va)) " + state + fields);
  }

  @Test
  void the_same_start_time_proves_life_and_another_proves_death() throws IOException {
    process(42, "S", "100", 5);

    assertThat(judge(owner("node1", "machine", "boot", 42, "100", "ada"))).isEqualTo(Verdict.ALIVE);
    assertThat(judge(owner("node1", "machine", "boot", 42, "99", "ada"))).isEqualTo(Verdict.GONE);
  }

  @Test
  void an_absent_process_of_this_user_is_gone() {
    assertThat(judge(owner("node1", "machine", "boot", 42, "100", "ada"))).isEqualTo(Verdict.GONE);
  }

  @Test
  void an_absent_process_of_another_user_may_only_be_hidden() {
    assertThat(judge(owner("node1", "machine", "boot", 42, "100", "bob")))
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void a_dead_process_that_nobody_reaped_is_gone_once_all_its_threads_are() throws IOException {
    process(42, "Z", "100", 1);
    process(52, "Z", "100", 2);

    assertThat(judge(owner("node1", "machine", "boot", 42, "100", "ada"))).isEqualTo(Verdict.GONE);
    assertThat(judge(owner("node1", "machine", "boot", 52, "100", "ada"))).isEqualTo(Verdict.ALIVE);
  }

  /** Clones and pods share machine id and host name, so it may as well be another machine's. */
  @Test
  void another_boot_under_the_same_machine_id_and_host_name_proves_nothing() {
    assertThat(judge(owner("node1", "machine", "earlier", 42, "70", "ada")))
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void a_process_that_cannot_tell_its_own_start_proves_nothing() throws IOException {
    process(42, "S", "100", 1);
    var shifted = new ThisProcess("i", "node1", "machine", "boot", 7, "", "4026", "ada");
    var owner = owner("node1", "machine", "boot", 42, "99", "ada");

    assertThat(new ProcProcesses(shifted, proc).judge(owner)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void the_namespace_is_known_only_where_proc_shows_this_process_under_its_own_number()
      throws IOException {
    Files.createDirectories(proc.resolve("self/ns"));
    Files.createSymbolicLink(proc.resolve("self/ns/pid"), Path.of("pid:[4026531836]"));
    var here = new Proc(proc);

    assertThat(here.pidNamespace(7)).isEmpty();
    Files.writeString(proc.resolve("self/status"), "Name:\tjava\nNSpid:\t7\nThreads:\t1\n");
    assertThat(here.pidNamespace(7)).isEqualTo("4026531836");
    assertThat(here.pidNamespace(8)).isEmpty();
    Files.writeString(proc.resolve("self/status"), "Name:\tjava\nNSpid:\t9007\t7\n");
    assertThat(here.pidNamespace(7)).isEmpty();
  }

  @Test
  void before_there_were_lists_of_numbers_the_link_to_itself_says_it() throws IOException {
    var namespace = Files.createDirectories(proc.resolve("7/ns")).resolve("pid");
    Files.createSymbolicLink(namespace, Path.of("pid:[4026531836]"));
    Files.createSymbolicLink(proc.resolve("self"), Path.of("7"));
    Files.writeString(proc.resolve("7/status"), "Name:\tjava\n");

    assertThat(new Proc(proc).pidNamespace(7)).isEqualTo("4026531836");
    assertThat(new Proc(proc).pidNamespace(8)).isEmpty();
  }

  @Test
  void a_start_is_known_only_where_time_is_not_shifted() throws IOException {
    process(7, "S", "100", 1);
    Files.createDirectories(proc.resolve("self"));
    var here = new Proc(proc);

    assertThat(here.ownStart(7)).isEqualTo("100");
    Files.writeString(proc.resolve("self/timens_offsets"), "monotonic 5 0\nboottime     0    0\n");
    assertThat(here.ownStart(7)).isEqualTo("100");
    Files.writeString(proc.resolve("self/timens_offsets"), "monotonic 0 0\nboottime -3600 0\n");
    assertThat(here.ownStart(7)).isEmpty();
    Files.writeString(proc.resolve("self/timens_offsets"), "monotonic 0 0\nboottime 0 500\n");
    assertThat(here.ownStart(7)).isEmpty();
  }

  @Test
  void a_machine_id_that_was_copied_to_another_host_proves_nothing() {
    assertThat(judge(owner("node2", "machine", "other", 42, "100", "ada")))
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void without_a_machine_id_the_same_boot_is_proof_enough_and_another_is_none() {
    var container = new ThisProcess("i", "node1", "", "boot", 7, "70", "4026", "ada");
    var processes = new ProcProcesses(container, proc);

    assertThat(processes.judge(owner("node1", "", "boot", 42, "100", "ada")))
        .isEqualTo(Verdict.GONE);
    assertThat(processes.judge(owner("node1", "", "other", 42, "100", "ada")))
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void another_machine_another_namespace_and_missing_facts_prove_nothing() throws IOException {
    process(42, "S", "100", 1);
    var foreign =
        new Owner("j", "w", "c", "node1", "machine", "boot", 42, "1", "5000", "ada", "", null);

    for (var owner :
        List.of(
            owner("node1", "other", "boot", 42, "1", "ada"),
            owner("node1", "", "boot", 42, "1", "ada"),
            owner("node1", "machine", "", 42, "1", "ada"),
            owner("node1", "machine", "boot", 42, "", "ada"),
            foreign)) {
      assertThat(judge(owner)).isEqualTo(Verdict.UNKNOWN);
    }
  }

  @Test
  void a_stat_that_cannot_be_understood_proves_nothing() throws IOException {
    Files.createDirectories(proc.resolve("42"));
    Files.writeString(proc.resolve("42/stat"), "42 (java");

    assertThat(judge(owner("node1", "machine", "boot", 42, "100", "ada")))
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void a_real_process_lives_until_it_is_killed() throws Exception {
    var self = ThisProcess.read(Environment.ofThisProcess());
    try (var child = ChildJvm.start(SleepingProcess.class, "identity")) {
      var facts = child.line().split("\\|", -1);
      var owner =
          new Owner(
              "j",
              "w",
              "local",
              facts[6],
              facts[0],
              facts[1],
              Long.parseLong(facts[2]),
              facts[3],
              facts[4],
              facts[5],
              "cpu",
              null);
      var processes = new ProcProcesses(self);

      assertThat(owner.pid()).isEqualTo(child.pid());
      assertThat(processes.judge(owner)).isEqualTo(Verdict.ALIVE);
      child.kill();
      assertThat(processes.judge(owner)).isEqualTo(Verdict.GONE);
    }
  }

  @Test
  void this_process_knows_itself() {
    var self = ThisProcess.read(Environment.ofThisProcess());

    assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(self.host()).isNotEmpty().doesNotContain(".");
    assertThat(self.pidStart()).matches("[0-9]+");
    assertThat(self.pidNamespace()).matches("[0-9]+");
    assertThat(self.bootId()).hasSize(36);
    assertThat(self.user()).isNotEmpty();
    assertThat(ThisProcess.read(Environment.ofThisProcess()).incarnation())
        .isNotEqualTo(self.incarnation());
    assertThat(self.owner("w", "c", "cpu", null).pidStart()).isEqualTo(self.pidStart());
  }
}
