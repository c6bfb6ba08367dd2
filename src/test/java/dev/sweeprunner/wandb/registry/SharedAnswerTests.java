package dev.sweeprunner.wandb.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.wandb.registry.Answer.Failed;
import dev.sweeprunner.wandb.registry.SharedAnswer.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One asks, all read. */
class SharedAnswerTests {
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SettableClock clock = new SettableClock();
  private final ClockedFiles files = new ClockedFiles(clock);
  private final Oracle oracle = new Oracle();
  private final AtomicInteger pauses = new AtomicInteger();

  @TempDir private Path folder;

  private SharedAnswer<String> worker() {
    return worker(
        duration -> {
          pauses.incrementAndGet();
          clock.advance(duration);
        });
  }

  private SharedAnswer<String> worker(Pause pause) {
    Layout layout = new Layout(folder);
    return new SharedAnswer<>(
        oracle,
        new RegistryPorts(files, layout, clock, pause),
        new SharedAnswer.Place(answer(), g -> layout.wandbAsk("p", "x", g)),
        FRESH);
  }

  private Path answer() {
    return new Layout(folder).wandbAnswer("p", "x");
  }

  private Path asker(long generation) {
    return new Layout(folder).wandbAsk("p", "x", generation);
  }

  private long askers() throws IOException {
    try (Stream<Path> names = Files.list(new Layout(folder).cache("p"))) {
      return names.filter(name -> name.toString().contains(".ask-")).count();
    }
  }

  private static View<String> there(@Nullable View<String> view) {
    return Objects.requireNonNull(view);
  }

  private static String text(@Nullable View<String> view) {
    return view == null ? "none" : view.answer().content();
  }

  @Test
  void the_first_worker_asks_and_the_second_reads() throws IOException {
    String first = text(worker().current());
    String second = text(worker().current());

    assertThat(first).isEqualTo("answer 1");
    assertThat(second).isEqualTo("answer 1");
    assertThat(oracle.asked()).isEqualTo(1);
    assertThat(askers()).isZero();
  }

  @Test
  void an_answer_is_asked_for_again_when_it_is_as_old_as_it_may_be() {
    SharedAnswer<String> worker = worker();
    worker.current();

    clock.advance(FRESH.minusSeconds(1));
    worker.current();
    int young = oracle.asked();
    clock.advance(SECOND);
    View<String> renewed = there(worker.current());

    assertThat(young).isEqualTo(1);
    assertThat(text(renewed)).isEqualTo("answer 2");
    assertThat(renewed.age()).isZero();
  }

  @Test
  void of_fifty_workers_one_asks_per_generation() throws Exception {
    List<SharedAnswer<String>> workers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      workers.add(worker(duration -> LockSupport.parkNanos(Duration.ofMillis(20).toNanos())));
    }
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      for (int generation = 1; generation <= 20; generation++) {
        int newest = generation;
        List<Future<String>> texts = new ArrayList<>();
        workers.forEach(worker -> texts.add(threads.submit(() -> text(worker.current()))));

        for (String text : all(texts)) {
          assertThat(text).isIn("answer " + newest, "answer " + (newest - 1));
        }
        assertThat(oracle.asked()).isEqualTo(generation);
        clock.advance(FRESH.plusSeconds(1));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> all(List<Future<String>> texts)
      throws InterruptedException, ExecutionException {
    List<String> all = new ArrayList<>();
    for (Future<String> text : texts) {
      all.add(text.get());
    }
    return all;
  }

  @RepeatedTest(25)
  void however_workers_interleave_nobody_asks_twice_in_a_fresh_time(RepetitionInfo repetition) {
    long seed = 7_919L * repetition.getCurrentRepetition();
    Random random = new Random(seed);
    List<Long> asked = new ArrayList<>();
    List<SharedAnswer<String>> workers = new ArrayList<>();
    List<SharedAnswer<String>> busy = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      workers.add(worker(duration -> {}));
    }
    oracle.always(
        () -> {
          asked.add(clock.nanos());
          clock.advance(Duration.ofMillis(random.nextInt(1_400)));
        });
    Runnable another =
        () -> {
          SharedAnswer<String> worker = workers.get(random.nextInt(workers.size()));
          if (busy.size() < 4 && !busy.contains(worker)) {
            busy.add(worker);
            worker.current();
            busy.remove(worker);
          }
        };
    files.before(
        () -> {
          if (random.nextInt(8) == 0) {
            another.run();
          }
        });

    for (int step = 0; step < 120; step++) {
      clock.advance(Duration.ofMillis(random.nextInt(12_000)));
      another.run();
    }

    assertThat(asked).as("seed " + seed).hasSizeGreaterThan(5).hasSize(oracle.asked());
    for (int i = 1; i < asked.size(); i++) {
      assertThat(asked.get(i) - asked.get(i - 1))
          .as("seed " + seed)
          .isGreaterThanOrEqualTo(FRESH.toNanos());
    }
  }

  @Test
  void an_answer_from_the_future_grows_old_while_it_is_watched() {
    worker().current();
    files.ahead(Duration.ofDays(1));
    worker().current();
    clock.jump(Duration.ofDays(-2));
    SharedAnswer<String> worker = worker();

    Duration first = there(worker.current()).age();
    int before = oracle.asked();
    clock.advance(FRESH);
    worker.current();

    assertThat(first).isZero();
    assertThat(before).isEqualTo(1);
    assertThat(oracle.asked()).isEqualTo(2);
  }

  @Test
  void a_host_whose_clock_is_ahead_does_not_ask_again_and_again() throws IOException {
    files.ahead(Duration.ofHours(-1));
    worker().current();

    for (int i = 0; i < 20; i++) {
      clock.advance(SECOND);
      SharedAnswer<String> late = worker();
      View<String> view = there(late.current());
      assertThat(view.age()).isLessThan(FRESH);
    }

    assertThat(oracle.asked()).isEqualTo(1);
    assertThat(askers()).isZero();
  }

  @Test
  void a_dead_asker_is_overtaken_after_it_was_watched_for_a_minute() throws IOException {
    SharedAnswer<String> worker = worker();
    worker.current();
    clock.advance(FRESH);
    files.create(asker(2), new byte[0]);

    String met = text(worker.current());
    clock.advance(Duration.ofSeconds(59));
    String watching = text(worker.current());
    clock.advance(SECOND);
    String after = text(worker.current());

    assertThat(List.of(met, watching, after)).containsExactly("answer 1", "answer 1", "answer 2");
    assertThat(askers()).isZero();
  }

  @Test
  void a_dead_overtaker_is_overtaken_too() throws IOException {
    SharedAnswer<String> worker = worker();
    worker.current();
    clock.advance(FRESH);
    files.create(asker(2), new byte[0]);
    worker.current();
    clock.advance(Askers.DEAD);
    files.create(asker(3), new byte[0]);

    worker.current();
    clock.advance(Askers.DEAD);
    String after = text(worker.current());

    assertThat(after).isEqualTo("answer 2");
    assertThat(askers()).isZero();
  }

  @Test
  void a_slow_asker_that_gives_signs_of_life_is_not_overtaken() {
    SharedAnswer<String> slow = worker();
    SharedAnswer<String> other = worker();
    slow.current();
    other.current();
    clock.advance(FRESH);
    oracle.during(
        alive -> {
          for (int i = 0; i < 30; i++) {
            clock.advance(Duration.ofSeconds(9));
            alive.run();
            other.look();
            assertThat(text(other.look())).isEqualTo("answer 1");
            other.current();
          }
        });

    String answer = text(slow.current());

    assertThat(answer).isEqualTo("answer 2");
    assertThat(oracle.asked()).isEqualTo(2);
  }

  @Test
  void a_late_asker_does_not_write_over_its_overtaker() throws IOException {
    SharedAnswer<String> late = worker();
    SharedAnswer<String> overtaker = worker();
    late.current();
    overtaker.current();
    clock.advance(FRESH);
    oracle.during(
        alive -> {
          overtaker.current();
          clock.advance(Askers.DEAD);
          overtaker.current();
        });

    String answer = text(late.current());

    assertThat(answer).isEqualTo("answer 3");
    assertThat(Files.readString(answer())).contains("answer 3").contains("\"generation\":3");
    assertThat(askers()).isZero();
  }

  @Test
  void a_late_asker_leaves_the_turn_to_an_overtaker_that_still_asks() throws IOException {
    SharedAnswer<String> late = worker(duration -> {});
    late.current();
    clock.advance(FRESH);
    oracle.during(
        alive -> {
          try {
            files.create(asker(3), new byte[0]);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });

    String answer = text(late.current());

    assertThat(answer).isEqualTo("answer 1");
    assertThat(Files.exists(asker(2))).isTrue();
    assertThat(oracle.asked()).isEqualTo(2);
  }

  @Test
  void garbage_is_replaced_by_one_worker() throws IOException {
    Files.createDirectories(new Layout(folder).cache("p"));
    Files.writeString(answer(), "{\"v\":1,\"generation\":");

    List<String> texts = List.of(text(worker().current()), text(worker().current()));

    assertThat(texts).containsExactly("answer 1", "answer 1");
    assertThat(oracle.asked()).isEqualTo(1);
  }

  @Test
  void a_file_of_a_newer_version_is_left_alone() throws IOException {
    Files.createDirectories(new Layout(folder).cache("p"));
    Files.writeString(answer(), "{\"v\":2}");
    SharedAnswer<String> worker = worker();

    String first = text(worker.current());
    clock.advance(FRESH.minusSeconds(1));
    worker.current();

    assertThat(first).isEqualTo("answer 1");
    assertThat(oracle.asked()).isEqualTo(1);
    assertThat(Files.readString(answer())).isEqualTo("{\"v\":2}");
  }

  @Test
  void where_nothing_can_be_written_each_worker_asks_for_itself_as_rarely() {
    files.readOnly(true);
    SharedAnswer<String> worker = worker();

    worker.current();
    clock.advance(FRESH.minusSeconds(1));
    worker.current();
    int young = oracle.asked();
    clock.advance(SECOND);
    String renewed = text(worker.current());

    assertThat(young).isEqualTo(1);
    assertThat(renewed).isEqualTo("answer 2");
  }

  @Test
  void a_full_disk_keeps_the_answer_in_memory_and_nobody_waits_for_it() throws IOException {
    files.full(true);
    SharedAnswer<String> one = worker();

    String first = text(one.current());
    String second = text(worker().current());
    clock.advance(SECOND);
    String kept = text(one.current());

    assertThat(List.of(first, second, kept)).containsExactly("answer 1", "answer 2", "answer 1");
    assertThat(pauses).hasValue(0);
    assertThat(askers()).isZero();
  }

  @Test
  void a_failure_is_shared_and_nobody_asks_before_the_server_wants_it() {
    oracle.fail(new Failed("too many requests", Duration.ofSeconds(120)));
    worker().current();

    clock.advance(Duration.ofSeconds(119));
    View<String> meanwhile = there(worker().current());
    int before = oracle.asked();
    oracle.fail(null);
    clock.advance(SECOND);
    String after = text(worker().current());

    assertThat(meanwhile.answer().failed())
        .isEqualTo(new Failed("too many requests", Duration.ofSeconds(120)));
    assertThat(before).isEqualTo(1);
    assertThat(after).isEqualTo("answer 2");
  }

  @Test
  void a_server_that_wants_to_be_asked_at_once_is_asked_in_half_a_minute() {
    oracle.fail(new Failed("hiccup", Duration.ZERO));
    SharedAnswer<String> worker = worker();
    worker.current();

    clock.advance(Duration.ofSeconds(29));
    worker.current();

    assertThat(oracle.asked()).isEqualTo(1);
  }

  @Test
  void asking_that_takes_long_is_done_rarely() {
    oracle.during(alive -> clock.advance(Duration.ofSeconds(10)));
    worker().current();

    clock.advance(Duration.ofSeconds(199));
    worker().current();
    int before = oracle.asked();
    clock.advance(SECOND);
    worker().current();

    assertThat(before).isEqualTo(1);
    assertThat(oracle.asked()).isEqualTo(2);
  }

  @Test
  void the_first_answer_is_waited_for_and_not_for_ever() throws IOException {
    Files.createDirectories(new Layout(folder).cache("p"));
    files.create(asker(1), new byte[0]);
    SharedAnswer<String> worker = worker();

    @Nullable View<String> nothing = worker.current();
    for (int i = 0; i < 10_000; i++) {
      worker.current();
    }

    assertThat(nothing).isNull();
    assertThat(pauses).hasValue(45);
    assertThat(oracle.asked()).isZero();
  }

  @Test
  void the_first_answer_arrives_while_it_is_waited_for() throws IOException {
    Files.createDirectories(new Layout(folder).cache("p"));
    files.create(asker(1), new byte[0]);
    SharedAnswer<String> other = worker();
    SharedAnswer<String> waiting =
        worker(
            duration -> {
              clock.advance(duration);
              if (pauses.incrementAndGet() == 3) {
                deleteAsker();
                other.current();
              }
            });

    String answer = text(waiting.current());

    assertThat(answer).isEqualTo("answer 1");
    assertThat(pauses).hasValue(3);
  }

  private void deleteAsker() {
    try {
      files.delete(asker(1));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void an_answer_that_nobody_renews_is_not_gone_by() throws IOException {
    worker().current();
    clock.advance(Duration.ofHours(5));
    files.create(asker(2), new byte[0]);

    View<String> view = there(worker().current());

    assertThat(view.current()).isFalse();
    assertThat(pauses).hasValue(45);
  }

  @Test
  void a_look_never_asks_and_never_writes() {
    @Nullable View<String> nothing = worker().look();
    boolean created = Files.exists(folder.resolve("out"));
    worker().current();
    clock.advance(Duration.ofHours(2));
    View<String> old = there(worker().look());

    assertThat(nothing).isNull();
    assertThat(created).isFalse();
    assertThat(old.age()).isEqualTo(Duration.ofHours(2));
    assertThat(oracle.asked()).isEqualTo(1);
  }

  @Test
  void a_pass_looks_at_the_file_once() {
    SharedAnswer<String> worker = worker();
    worker.current();
    clock.advance(SECOND);
    worker.current();
    clock.advance(SECOND);
    int before = files.operations();

    for (int i = 0; i < 10_000; i++) {
      worker.current();
    }

    assertThat(files.operations() - before).isEqualTo(1);
  }

  @Test
  void a_file_that_is_taken_away_is_asked_for_anew() throws IOException {
    SharedAnswer<String> worker = worker();
    worker.current();
    Files.delete(answer());
    clock.advance(SECOND);

    String answer = text(worker.current());

    assertThat(answer).isEqualTo("answer 2");
  }
}
