package dev.sweeprunner.train.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadPoolTests {
  private static final long MUCH = 1_000_000_000L;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void every_task_of_many_jobs_runs_exactly_once(int threads) {
    try (ThreadPool pool = new ThreadPool(threads)) {
      for (int job = 0; job < 2000; job++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(job % 7 + 1);

        pool.run(runs.length(), job % 3 == 0 ? 0 : MUCH, (i, scratch) -> runs.incrementAndGet(i));

        for (int i = 0; i < runs.length(); i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void large_work_is_shared_with_daemon_threads_that_have_scratch_memory_of_their_own() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Set<ThreadScratch> scratches = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    try (ThreadPool pool = new ThreadPool(3)) {
      pool.run(
          3,
          MUCH,
          (i, scratch) -> {
            threads.add(Thread.currentThread());
            scratches.add(scratch);
            all.countDown();
            awaitAll(all);
          });
    }

    assertThat(threads).hasSize(3).contains(Thread.currentThread());
    assertThat(scratches).hasSize(3);
    Set<Thread> helpers = new HashSet<>(threads);
    helpers.remove(Thread.currentThread());
    assertThat(helpers).allMatch(Thread::isDaemon);
  }

  @Test
  void small_work_stays_with_the_caller() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (ThreadPool pool = new ThreadPool(3)) {
      pool.run(50, 1000, (i, scratch) -> threads.add(Thread.currentThread()));
    }

    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void a_failing_task_reaches_the_caller_and_the_pool_goes_on() {
    try (ThreadPool pool = new ThreadPool(3)) {
      assertThatThrownBy(
              () ->
                  pool.run(
                      20,
                      MUCH,
                      (i, scratch) -> {
                        if (i == 13) {
                          throw new ArithmeticException("task thirteen");
                        }
                      }))
          .hasMessageContaining("task thirteen")
          .hasCauseInstanceOf(ArithmeticException.class);

      AtomicIntegerArray runs = new AtomicIntegerArray(20);
      pool.run(20, MUCH, (i, scratch) -> runs.incrementAndGet(i));

      assertThat(runs.toString()).doesNotContain("0").doesNotContain("2");
    }
  }

  @Test
  void closing_ends_the_threads() throws InterruptedException {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(2);
    try (ThreadPool pool = new ThreadPool(2)) {
      pool.run(
          2,
          MUCH,
          (i, scratch) -> {
            threads.add(Thread.currentThread());
            both.countDown();
            awaitAll(both);
          });
    }

    threads.remove(Thread.currentThread());
    for (Thread thread : threads) {
      thread.join(10_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void a_pool_needs_a_thread() {
    assertThatThrownBy(() -> new ThreadPool(0)).hasMessageContaining("was: 0");
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
