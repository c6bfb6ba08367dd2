package dev.sweeprunner.web;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a small file to the storage root and times it. One at a time, in a thread of its own: a
 * storage that hangs keeps nobody waiting for long. Any thread.
 */
final class StorageProbe {
  private final Supplier<Optional<String>> write;
  private final Clock clock;
  private final Duration patience;
  private @Nullable Probe newest;

  /**
   * One that has tried nothing yet.
   *
   * @param write does it, and says why it could not
   * @param patience how long an answer is waited for
   */
  StorageProbe(Supplier<Optional<String>> write, Clock clock, Duration patience) {
    this.write = write;
    this.clock = clock;
    this.patience = patience;
  }

  /** What a write finds that begins now, or one that others wait for. */
  Found look() {
    return wait(Duration.ZERO);
  }

  /** As {@link #look}, but what was found within so long will do. */
  Found notOlderThan(Duration age) {
    return wait(age);
  }

  private Found wait(Duration age) {
    Probe probe = probe(age);
    try {
      return probe.answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException hangs) {
      return late(probe);
    } catch (ExecutionException e) {
      return new Found(String.valueOf(e.getCause()), since(probe.began));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return late(probe);
    }
  }

  private synchronized Probe probe(Duration age) {
    Probe last = newest;
    boolean serves =
        last != null && (!last.answer.isDone() || since(last.began).compareTo(age) < 0);
    if (last != null && serves) {
      return last;
    }
    Probe begun = new Probe(clock.nanos(), new CompletableFuture<>());
    newest = begun;
    Thread thread =
        new Thread(
            () ->
                begun.answer.completeAsync(
                    () -> new Found(write.get().orElse(null), since(begun.began)), Runnable::run),
            "storage-probe");
    thread.setDaemon(true);
    thread.start();
    return begun;
  }

  private Found late(Probe probe) {
    Duration waits = since(probe.began);
    return new Found("a small write has not ended after " + waits.toSeconds() + " s", waits);
  }

  private Duration since(long began) {
    return Duration.ofNanos(clock.nanos() - began);
  }

  /**
   * What a write found.
   *
   * @param complaint why it failed, or null
   * @param took how long it took, or takes so far
   */
  record Found(@Nullable String complaint, Duration took) {}

  private record Probe(long began, CompletableFuture<Found> answer) {}
}
