package dev.sweeprunner.train.cpu;

import dev.sweeprunner.problem.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few daemon threads that share numbered tasks with the caller.
 *
 * <p>Which thread runs a task is chance, so a task must own what it writes. The caller works too:
 * with busy or sleeping helpers a call is at worst as slow as doing it alone. Belongs to one caller
 * at a time; the first exception of a task reaches the caller after all tasks have ended.
 */
final class ThreadPool implements AutoCloseable {
  /** Below this many floating-point operations handing over costs more than it gains. */
  private static final long WORTH_SHARING = 200_000;

  /** How often a thread looks again before it sleeps: some ten microseconds. */
  private static final int PATIENCE = 500;

  private final ThreadScratch ownScratch = new ThreadScratch();
  private final List<Helper> helpers = new ArrayList<>();
  private volatile @Nullable Job newest;
  private volatile boolean closed;

  ThreadPool(int threads) {
    if (threads <= 0) {
      throw new IllegalArgumentException("threads must be positive, was: " + threads);
    }
    for (int i = 1; i < threads; i++) {
      Helper helper = new Helper(i);
      helpers.add(helper);
      helper.thread.start();
    }
  }

  /** One of the numbered tasks. The scratch memory is the thread's own and of undefined content. */
  interface Task {
    void run(int number, ThreadScratch scratch);
  }

  /**
   * Runs tasks 0 … count − 1, each once, in any order, and returns when all have ended.
   *
   * @param work floating-point operations of all tasks together, roughly
   */
  void run(int count, long work, Task task) {
    if (helpers.isEmpty() || count == 1 || work < WORTH_SHARING) {
      for (int i = 0; i < count; i++) {
        task.run(i, ownScratch);
      }
      return;
    }
    Job job = new Job(count, task);
    newest = job;
    helpers.forEach(Helper::wake);
    job.work(ownScratch);
    job.await();
  }

  @Override
  public void close() {
    closed = true;
    helpers.forEach(Helper::wake);
  }

  private static final class Job {
    private final int count;
    private final Task task;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean callerSleeps;
    private volatile @Nullable Throwable failure;

    Job(int count, Task task) {
      this.count = count;
      this.task = task;
    }

    void work(ThreadScratch scratch) {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          task.run(i, scratch);
        } catch (Throwable t) { // Also an Error must reach the caller, who waits for this task.
          failure = t;
        }
        if (ended.incrementAndGet() == count && callerSleeps) {
          LockSupport.unpark(caller);
        }
      }
    }

    void await() {
      for (int i = 0; i < PATIENCE && ended.get() < count; i++) {
        Thread.onSpinWait();
      }
      callerSleeps = true;
      while (ended.get() < count) {
        LockSupport.park(this);
      }
      Throwable thrown = failure;
      if (thrown != null) {
        throw new IllegalStateException(
            "a task of the CPU back end failed: " + Why.of(thrown), thrown);
      }
    }
  }

  private final class Helper implements Runnable {
    private final Thread thread;
    private final ThreadScratch scratch = new ThreadScratch();
    private volatile boolean sleeps;

    Helper(int number) {
      thread = new Thread(this, "cpu-kernels-" + number);
      thread.setDaemon(true);
    }

    void wake() {
      if (sleeps) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void run() {
      Job done = null;
      while (!closed) {
        done = awaitAfter(done);
        if (done != null) {
          done.work(scratch);
        }
      }
    }

    private @Nullable Job awaitAfter(@Nullable Job done) {
      for (int i = 0; i < PATIENCE; i++) {
        if (newest != done || closed) {
          return newest;
        }
        Thread.onSpinWait();
      }
      sleeps = true;
      while (newest == done && !closed) {
        LockSupport.park(this);
      }
      sleeps = false;
      return newest;
    }
  }
}
