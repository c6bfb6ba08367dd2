package dev.sweeprunner.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads go one step at a time in an order that a seed decides, and kills them between steps:
 * the same seed gives the same interleaving.
 */
@NullMarked
final class Turnstile {
  /** The death of a worker; every later step of the same life dies too. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** One thread's place in the row. */
  final class Gate {
    private final Semaphore go = new Semaphore(0);
    private boolean over;
    private int asleep;
    private boolean dead;

    /** Waits for this thread's next turn. */
    void step() {
      if (dead) {
        throw new Killed();
      }
      arrived.release();
      go.acquireUninterruptibly();
      if (dead) {
        throw new Killed();
      }
    }

    /** A new life after {@link Killed}. */
    void revive() {
      dead = false;
    }
  }

  private static final double SLEEPS = 0.06;
  private static final int LONGEST_SLEEP = 500;

  private final Random random;
  private final double deaths;
  private final Semaphore arrived = new Semaphore(0);
  private final List<Gate> gates = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Throwable failure;

  Turnstile(Random random, double deaths) {
    this.random = random;
    this.deaths = deaths;
  }

  interface Body {
    void run(Gate gate);
  }

  void add(Body body) {
    Gate gate = new Gate();
    gates.add(gate);
    Thread thread =
        new Thread(
            () -> {
              try {
                gate.step();
                body.run(gate);
              } catch (Killed e) {
                // Before its first step.
              } catch (Throwable e) {
                failure = e;
              } finally {
                gate.over = true;
                arrived.release();
              }
            });
    thread.setDaemon(true);
    threads.add(thread);
  }

  /** Runs all to their ends. */
  void run() throws InterruptedException {
    for (Thread thread : threads) {
      thread.start();
      await();
    }
    while (true) {
      List<Gate> waiting = gates.stream().filter(gate -> !gate.over).toList();
      if (waiting.isEmpty() || failure != null) {
        break;
      }
      Gate next = pick(waiting);
      next.dead = random.nextDouble() < deaths;
      next.go.release();
      await();
    }
    if (failure != null) {
      throw new AssertionError(failure);
    }
  }

  /** Any of those awake; some fall asleep for as long as others need to finish a whole run. */
  private Gate pick(List<Gate> waiting) {
    List<Gate> awake = waiting.stream().filter(gate -> gate.asleep == 0).toList();
    waiting.forEach(gate -> gate.asleep = Math.max(0, gate.asleep - 1));
    List<Gate> from = awake.isEmpty() ? waiting : awake;
    Gate next = from.get(random.nextInt(from.size()));
    if (random.nextDouble() < SLEEPS) {
      next.asleep = random.nextInt(LONGEST_SLEEP);
    }
    return next;
  }

  private void await() throws InterruptedException {
    if (!arrived.tryAcquire(30, TimeUnit.SECONDS)) {
      throw new AssertionError("a thread neither stepped nor ended");
    }
  }
}
