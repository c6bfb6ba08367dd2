package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes.Verdict;
import dev.sweeprunner.run.Scaler;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Scheduler.View;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.ChildJvm;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalerSeatTests {
  private static final Duration EXPIRY = Duration.ofMinutes(10);

  @TempDir Path root;
  private final Map<String, Verdict> lives = new HashMap<>();
  private final Map<String, View> jobs = new HashMap<>();
  private final SettableClock clock = new SettableClock();
  private long boot = Duration.ofDays(3).toNanos();

  private Path folder() {
    return new Layout(root).scale();
  }

  private ScalerSeat seat(String incarnation) {
    return seat(incarnation, "node7", "b1", null);
  }

  private ScalerSeat seat(
      String incarnation, String host, String bootId, @Nullable SlurmTask task) {
    var self = new ThisProcess(incarnation, host, "m", bootId, 412, "1", "1", "ada");
    Scheduler scheduler =
        owner -> jobs.getOrDefault(owner.incarnation(), new View.Unknown("nobody asked"));
    return new ScalerSeat(
        new LocalFiles(),
        folder(),
        self.owner("scale", "local", "", task),
        new ScalerSeat.Around(
            owner -> lives.getOrDefault(owner.incarnation(), Verdict.UNKNOWN), scheduler, clock),
        EXPIRY,
        () -> boot);
  }

  private void pass(Duration time) {
    boot += time.toNanos();
    clock.advance(time);
  }

  @Test
  void the_second_learns_who_has_it() throws IOException {
    assertThat(seat("a").holder()).isEmpty();
    assertThat(seat("a").take()).isEmpty();

    Scaler holder = seat("b").take().orElseThrow();

    assertThat(holder.owner()).extracting(Owner::host, Owner::pid).containsExactly("node7", 412L);
    assertThat(holder.left()).isFalse();
    assertThat(holder.met()).isFalse();
    assertThat(seat("c").take()).map(Scaler::met).hasValue(true);
    assertThat(seat("d", "node8", "b2", null).take()).map(Scaler::met).hasValue(false);
  }

  @Test
  void who_only_asks_changes_nothing() throws IOException {
    seat("b").holder();
    assertThat(folder()).doesNotExist();
    seat("a").take();
    List<String> before = new LocalFiles().list(folder());

    seat("b").holder();

    assertThat(new LocalFiles().list(folder())).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void who_has_it_keeps_it_from_look_to_look_and_once_left_it_is_free_at_once() throws IOException {
    ScalerSeat a = seat("a");
    assertThat(a.held()).isFalse();
    assertThat(a.take()).isEmpty();
    assertThat(a.take()).isEmpty();
    assertThat(a.held()).isTrue();

    a.leave();

    assertThat(a.held()).isFalse();
    assertThat(seat("b", "node8", "b2", null).take()).isEmpty();
    assertThat(new LocalFiles().list(folder()))
        .containsExactlyInAnyOrder("scaler-00000002", "scaler-00000002.beat");
    assertThat(seat("c").holder()).map(Scaler::left).hasValue(false);
  }

  @Test
  void a_look_that_failed_costs_nobody_the_seat() throws IOException {
    ScalerSeat a = seat("a");
    a.take();
    Path aside = root.resolve("aside");
    Files.move(folder(), aside);
    assertThat(a.held()).isFalse();
    Files.move(aside, folder());

    assertThat(a.take()).isEmpty();
    assertThat(a.held()).isTrue();
    assertThat(folder().toFile().list())
        .containsExactlyInAnyOrder("scaler-00000001", "scaler-00000001.beat");
  }

  @Test
  void a_process_that_is_gone_has_it_no_more() throws IOException {
    seat("a").take();
    lives.put("a", Verdict.ALIVE);
    assertThat(seat("b").take()).isPresent();
    lives.put("a", Verdict.GONE);

    assertThat(seat("b").holder()).map(Scaler::left).hasValue(true);
    assertThat(seat("b").take()).isEmpty();
  }

  @Test
  void nor_has_one_whose_job_is_over() throws IOException {
    seat("a", "n1", "b9", new SlurmTask("12", null, null, 0, "n1", "ctl")).take();
    assertThat(seat("b").take()).isPresent();
    jobs.put("a", new View.Gone("12", "is CANCELLED"));

    assertThat(seat("b").take()).isEmpty();
  }

  @Test
  void an_overtaken_one_learns_of_it_before_it_submits() throws IOException {
    ScalerSeat a = seat("a");
    a.take();
    lives.put("a", Verdict.GONE);
    seat("b").take();

    assertThat(a.held()).isFalse();
    a.beat();
    a.leave();
    assertThat(seat("c").take()).as("b has it still").isPresent();
    assertThat(a.take()).isPresent();
  }

  /** As a cron line does: another process each time. */
  @Test
  void of_another_host_it_is_free_once_its_beat_was_watched_standing_still() throws IOException {
    seat("a", "login1", "b9", null).take();
    for (int minute = 0; minute < 10; minute++) {
      assertThat(seat("b" + minute).take()).as("minute %d", minute).isPresent();
      pass(Duration.ofMinutes(1));
    }

    assertThat(seat("z").take()).isEmpty();
    assertThat(folder().toFile().list()).noneMatch(name -> name.startsWith("watch-"));
  }

  @Test
  void one_that_beats_is_never_taken_for_dead() throws IOException {
    ScalerSeat a = seat("a", "login1", "b9", null);
    a.take();
    for (int minute = 0; minute < 60; minute++) {
      assertThat(seat("b").take()).isPresent();
      pass(Duration.ofMinutes(1));
      a.beat();
    }
    assertThat(a.held()).isTrue();
  }

  @Test
  void who_looks_seldom_has_not_watched_all_the_time() throws IOException {
    seat("a", "login1", "b9", null).take();

    assertThat(seat("b").take()).isPresent();
    pass(Duration.ofHours(5));
    assertThat(seat("b").take()).as("one look after five hours").isPresent();
    pass(Duration.ofHours(5));
    assertThat(seat("b").take()).isEmpty();
  }

  @Test
  void neither_a_reboot_nor_a_clock_that_jumps_counts_as_watching() throws IOException {
    seat("a", "login1", "b9", null).take();
    assertThat(seat("b").take()).isPresent();
    clock.jump(Duration.ofDays(400));
    assertThat(seat("b").take()).isPresent();
    clock.jump(Duration.ofDays(-800));
    assertThat(seat("b").take()).isPresent();
    assertThat(seat("b").take().orElseThrow().silent()).isEqualTo(Duration.ZERO);

    pass(Duration.ofMinutes(9));
    assertThat(seat("b", "node7", "b2", null).take()).as("after a reboot").isPresent();
    boot = 0;
    assertThat(seat("b", "node7", "b2", null).take()).isPresent();
    pass(Duration.ofMinutes(9));
    assertThat(seat("b", "node7", "b2", null).take()).isPresent();
  }

  @Test
  void what_cannot_be_read_stops_nobody_for_longer_than_the_expiry() throws IOException {
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("scaler-00000003"), "");
    Files.writeString(folder().resolve("watch-node7.json"), "{");
    Files.writeString(folder().resolve(".t.4711"), "in the making when its process was killed");

    assertThat(seat("b").take()).map(Scaler::owner).isEmpty();
    assertThat(seat("b").take()).isPresent();
    for (int look = 0; look < 2; look++) {
      pass(EXPIRY);
      seat("b").take();
    }
    assertThat(seat("b").holder().orElseThrow().owner()).isNotNull();
    assertThat(new LocalFiles().list(folder()))
        .containsExactlyInAnyOrder("scaler-00000004", "scaler-00000004.beat");
  }

  @Test
  void of_many_that_race_one_has_it() throws Exception {
    var pool = Executors.newFixedThreadPool(6);
    try {
      for (int round = 0; round < 20; round++) {
        var seats = new ArrayList<ScalerSeat>();
        var tries = new ArrayList<Callable<Optional<Scaler>>>();
        for (int i = 0; i < 6; i++) {
          ScalerSeat seat = seat("round-" + round + "-" + i);
          seats.add(seat);
          tries.add(seat::take);
        }
        for (Future<Optional<Scaler>> tried : pool.invokeAll(tries)) {
          tried.get();
        }

        assertThat(seats.stream().filter(ScalerSeat::held)).as("round %d", round).hasSize(1);
        seats.forEach(ScalerSeat::leave);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void of_two_processes_one_has_it_until_it_is_killed() throws Exception {
    try (var one = ChildJvm.start(SleepingProcess.class, "seat", root.toString());
        var two = ChildJvm.start(SleepingProcess.class, "seat", root.toString())) {
      assertThat(one.line()).isEqualTo("ready");
      assertThat(two.line()).isEqualTo("ready");
      one.go();
      two.go();
      String first = one.line();
      assertThat(List.of(first, two.line())).containsExactlyInAnyOrder("has it", "not");
      var holder = first.equals("has it") ? one : two;

      var self = ThisProcess.read(Environment.ofThisProcess());
      ScalerSeat third =
          new ScalerSeat(
              new LocalFiles(),
              folder(),
              self.owner("scale", "local", "", null),
              new ScalerSeat.Around(new ProcProcesses(self), Scheduler.none(), new SystemClock()),
              EXPIRY);
      assertThat(third.take()).isPresent();
      holder.kill();
      assertThat(third.take()).isEmpty();
    }
  }
}
