package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.ListedClaims;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.UnreadReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerTests {
  private final List<String> told = new ArrayList<>();
  private final List<Duration> waits = new ArrayList<>();
  private final List<Long> roomFor = new ArrayList<>();
  private final SettableClock clock = new SettableClock();
  private @Nullable String stop;

  @Test
  void leaves_when_every_point_of_every_sweep_has_ended() {
    ScriptedRound one = new ScriptedRound("one").trains(2).thenEnds();
    ScriptedRound two = new ScriptedRound("two").trains(1).thenEnds();

    ExitCode code = worker(false, one, two).run();

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(waits).isEmpty();
  }

  @Test
  void the_earlier_sweep_comes_first_again_after_each_work() {
    List<String> order = new ArrayList<>();
    ScriptedRound one = new ScriptedRound("one").trains(1).trains(1).thenEnds().recordedIn(order);
    ScriptedRound two = new ScriptedRound("two").trains(1).thenEnds().recordedIn(order);

    worker(false, one, two).run();

    assertThat(order).containsExactly("one", "one", "two");
  }

  @Test
  void only_the_first_sweep_may_take_its_time() {
    List<String> order = new ArrayList<>();
    ScriptedRound one = new ScriptedRound("one").trains(1).thenEnds().recordedIn(order);
    ScriptedRound two = new ScriptedRound("two").trains(1).thenEnds().recordedIn(order);

    worker(false, one, two).run();

    assertThat(one.brief).containsExactly(false);
    assertThat(two.brief).containsExactly(true);
  }

  @Test
  void an_ended_sweep_that_was_edited_comes_first_again() {
    List<String> order = new ArrayList<>();
    ScriptedRound one = new ScriptedRound("one").trains(1).thenEnds().recordedIn(order);
    ScriptedRound two =
        new ScriptedRound("two") {
          @Override
          public Result run(boolean brief) {
            one.trains(1);
            return super.run(brief);
          }
        }.trains(1).trains(1).thenEnds().recordedIn(order);

    worker(false, one, two).run();

    assertThat(order).containsExactly("one", "two", "one", "two", "one");
  }

  @Test
  void looks_for_a_last_edit_before_it_leaves() {
    List<String> order = new ArrayList<>();
    ScriptedRound one = new ScriptedRound("one").trains(1).thenEnds().recordedIn(order);
    one.edits.add(() -> one.trains(1));

    assertThat(worker(false, one).run()).isEqualTo(ExitCode.DONE);

    assertThat(order).containsExactly("one", "one");
  }

  @Test
  void waits_with_jitter_only_when_no_sweep_has_anything() {
    ScriptedRound one = new ScriptedRound("one").nothing().nothing().trains(1).thenEnds();

    ExitCode code = worker(false, one).run();

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(waits).hasSize(2).doesNotHaveDuplicates();
    assertThat(waits).allSatisfy(wait -> assertThat(wait.toMillis()).isBetween(700L, 1300L));
    assertThat(told).hasSize(1);
  }

  @Test
  void waits_longer_while_all_is_held_by_owners_that_live_and_shortly_at_the_first_sign() {
    ScriptedRound one = new ScriptedRound("one").calmFor(6);
    for (int i = 0; i < 8; i++) {
      one.nothing();
    }
    one.trains(1).nothing().nothing().thenEnds();

    worker(false, one).run();

    long[] expected = {1500, 2250, 3375, 4000, 4000, 4000, 1000, 1000, 1000};
    assertThat(waits).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) waits.get(i).toMillis()).isBetween(0.7 * expected[i], 1.3 * expected[i]);
    }
  }

  @Test
  void one_sweep_that_is_not_calm_keeps_the_waits_short() {
    ScriptedRound one = new ScriptedRound("one").calmFor(9).nothing().nothing().nothing();
    ScriptedRound two = new ScriptedRound("two").nothing().nothing().trains(1).thenEnds();
    one.thenEnds();

    worker(false, one, two).run();

    assertThat(waits).allSatisfy(wait -> assertThat(wait.toMillis()).isBetween(700L, 1300L));
  }

  @Test
  void says_that_it_waits_for_an_answer_and_not_for_others() {
    ScriptedRound one =
        new ScriptedRound("one") {
          @Override
          public Optional<String> unanswered() {
            return Optional.of("W&B answers 503");
          }
        }.nothing().trains(1).thenEnds();

    worker(false, one).run();

    assertThat(told)
        .containsExactly(
            "Nothing to claim now: W&B answers 503, and what another cluster may have is not"
                + " claimed without its answer (--wandb-down). It is asked again and again, and"
                + " then this worker goes on. Waiting (stop with Ctrl-C).");
  }

  @Test
  void leaves_instead_of_waiting_if_asked_to() {
    assertThat(worker(true, new ScriptedRound("one").nothing()).run()).isEqualTo(ExitCode.IDLE);
  }

  @Test
  void leaves_once_it_had_nothing_to_do_for_as_long_as_it_was_to_wait() {
    ScriptedRound one = new ScriptedRound("one");
    IntStream.range(0, 20).forEach(look -> one.nothing());

    ExitCode code = worker(Optional.of(Duration.ofSeconds(10)), one).run();

    assertThat(code).isEqualTo(ExitCode.IDLE);
    assertThat(waited()).isEqualTo(Duration.ofSeconds(10));
    assertThat(waits).hasSizeBetween(8, 15);
    assertThat(told)
        .containsExactly(
            "Nothing to claim now: others hold what is left. Waiting for at most 10 s"
                + " (--exit-when-idle).");
  }

  @Test
  void a_run_in_between_makes_it_wait_as_long_again() {
    ScriptedRound one = new ScriptedRound("one").nothing().nothing().trains(1);
    IntStream.range(0, 8).forEach(look -> one.nothing());

    ExitCode code = worker(Optional.of(Duration.ofSeconds(3)), one).run();

    assertThat(code).isEqualTo(ExitCode.IDLE);
    assertThat(waited()).isBetween(Duration.ofMillis(3000 + 1400), Duration.ofMillis(3000 + 2600));
  }

  @Test
  void a_full_disk_is_waited_for_no_longer_than_that() {
    ScriptedRound one = new ScriptedRound("one").meetsFullDisk(1);

    assertThatThrownBy(() -> worker(Optional.of(Duration.ofMillis(1200)), one).run())
        .isInstanceOf(SickNode.class);
    assertThat(waited()).isEqualTo(Duration.ofMillis(1200));
  }

  private Duration waited() {
    return waits.stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Test
  void leaves_in_order_on_a_stop() {
    ScriptedRound one =
        new ScriptedRound("one") {
          @Override
          public Result run(boolean brief) {
            stop = "TERM";
            return super.run(brief);
          }
        }.trains(1).trains(1);

    assertThat(worker(false, one).run()).isEqualTo(ExitCode.STOPPED);
  }

  @Test
  void leaves_at_its_limit_of_runs() {
    ScriptedRound one = new ScriptedRound("one").reachesLimit();

    assertThat(worker(false, one).run()).isEqualTo(ExitCode.STOPPED);
  }

  @Test
  void a_node_that_lacks_data_is_sick_and_says_so() {
    ScriptedRound one = new ScriptedRound("one").lacks("data/train_*.bin matches no file");

    assertThat(worker(false, one).run()).isEqualTo(ExitCode.SICK_NODE);
    assertThat(told).anyMatch(line -> line.contains("data/train_*.bin"));
  }

  @Test
  void a_full_disk_is_waited_for_and_the_work_goes_on_by_itself() {
    ScriptedRound one = new ScriptedRound("one").meetsFullDisk(5000).trains(1).thenEnds();

    ExitCode code = worker(false, one).run();

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(roomFor).containsExactly(5000L, 5000L, 5000L);
    assertThat(waits).hasSize(3);
    assertThat(told)
        .containsExactly(
            "The disk is full. Nothing is claimed until there is room; then this worker goes on by"
                + " itself.",
            "There is room again: going on.");
  }

  @Test
  void a_stop_ends_the_wait_for_room() {
    ScriptedRound one =
        new ScriptedRound("one") {
          @Override
          public Result run(boolean brief) {
            stop = "TERM";
            return super.run(brief);
          }
        }.meetsFullDisk(1);

    assertThat(worker(false, one).run()).isEqualTo(ExitCode.STOPPED);
    assertThat(told).containsExactly("The disk is full.");
    assertThat(roomFor).isEmpty();
  }

  @Test
  void who_is_not_to_wait_leaves_a_full_disk() {
    ScriptedRound one = new ScriptedRound("one").meetsFullDisk(1);

    assertThatThrownBy(() -> worker(true, one).run()).isInstanceOf(SickNode.class);
    assertThat(waits).isEmpty();
  }

  private Worker worker(boolean exitWhenIdle, Round... rounds) {
    return worker(exitWhenIdle ? Optional.of(Duration.ZERO) : Optional.empty(), rounds);
  }

  private Worker worker(Optional<Duration> patience, Round... rounds) {
    Reporter reporter =
        new Reporter(new UnreadReport(), OWNER, () -> -1, new ListedClaims(), clock);
    return new Worker(
        List.of(rounds),
        reporter,
        told::add,
        this::wait,
        () -> Optional.ofNullable(stop),
        bytes -> {
          roomFor.add(bytes);
          return roomFor.size() > 2 ? Optional.empty() : Optional.of("full");
        },
        new Worker.Options(Duration.ofSeconds(1), patience, 7, clock));
  }

  private void wait(Duration time) {
    waits.add(time);
    clock.advance(time);
  }

  private static final Owner OWNER =
      new Owner("i", "w1", "local", "node7", "m", "b", 4, "5", "6", "ann", "cpu", null);

  private static class ScriptedRound implements Round {
    private final String name;
    private final Deque<Result> results = new ArrayDeque<>();
    private final List<Boolean> brief = new ArrayList<>();
    private final Deque<Runnable> edits = new ArrayDeque<>();
    private boolean ends;
    private @Nullable NoRoom full;
    private @Nullable List<String> order;
    private int calm;

    ScriptedRound(String name) {
      this.name = name;
    }

    ScriptedRound trains(int runs) {
      results.add(new Result(runs, false, null));
      return this;
    }

    ScriptedRound nothing() {
      results.add(new Result(0, false, null));
      return this;
    }

    ScriptedRound reachesLimit() {
      results.add(new Result(1, true, null));
      return this;
    }

    ScriptedRound lacks(String what) {
      results.add(new Result(0, false, what));
      return this;
    }

    ScriptedRound meetsFullDisk(long needed) {
      full = new NoRoom("the disk is full", needed);
      return this;
    }

    ScriptedRound calmFor(int looks) {
      calm = looks;
      return this;
    }

    ScriptedRound thenEnds() {
      ends = true;
      return this;
    }

    ScriptedRound recordedIn(List<String> names) {
      order = names;
      return this;
    }

    @Override
    public String sweep() {
      return name;
    }

    @Override
    public boolean ended() {
      return ends && results.isEmpty();
    }

    @Override
    public boolean edited() {
      if (edits.isEmpty()) {
        return false;
      }
      edits.remove().run();
      return true;
    }

    @Override
    public boolean calm() {
      return calm-- > 0;
    }

    @Override
    public boolean worthwhile() {
      return !ended();
    }

    @Override
    public Result run(boolean brief) {
      this.brief.add(brief);
      if (order != null) {
        order.add(name);
      }
      if (full != null) {
        NoRoom met = full;
        full = null;
        throw met;
      }
      return results.remove();
    }
  }
}
