package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.e2e.Events.Event;
import dev.sweeprunner.testkit.Results;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dozen SIGKILLs at the worst moments; the long version is {@code bench/attack/kill-test}. */
class KillIT {
  private static final int EVERY = 7;
  private static final int POINTS = 8;

  /** Where the lives of two workers end: after an iteration at random, or at a named point. */
  private static final List<List<String>> LIVES =
      List.of(
          List.of(
              "iteration",
              "publish.renamed#2",
              "finish.joined#2",
              "stage.weights#2",
              "iteration",
              "publish.published#3"),
          List.of(
              "publish.staged#3",
              "iteration",
              "claim.linked#2",
              "publish.published#2",
              "finish.appended#2",
              "publish.renamed#3"));

  @TempDir Path folder;

  @Test
  void a_sweep_whose_workers_are_killed_ends_as_if_they_had_not_been() throws Exception {
    Toy toy = Toy.of(folder, 150, "training.seed: {values: [1, 2, 3, 4, 5, 6, 7, 8]}");
    var calm = JarProcess.run(folder, toy.worker("calm", "calm"));
    assertThat(calm.code()).as(calm.err()).isZero();

    List<Event> events = torture(toy);

    assertThat(Results.of(folder.resolve("killed"), toy.last()))
        .hasSize(POINTS)
        .isEqualTo(Results.of(folder.resolve("calm"), toy.last()));
    assertThat(Results.litter(folder.resolve("killed"))).isEmpty();
    long iterations = events.stream().filter(event -> event.is("iteration")).count();
    long kills = LIVES.stream().mapToLong(List::size).sum();
    assertThat(iterations)
        .isBetween(POINTS * toy.maxIters(), POINTS * toy.maxIters() + kills * EVERY);
    assertThat(events).anyMatch(event -> event.is("resume") && event.iter() > 0);
  }

  /** Lets each worker live all its lives, then to the end; all their events. */
  private List<Event> torture(Toy toy) throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(LIVES.size());
    try {
      List<Callable<List<Event>>> tasks = new ArrayList<>();
      for (int i = 0; i < LIVES.size(); i++) {
        String name = "worker-" + i;
        List<String> lives = LIVES.get(i);
        tasks.add(() -> live(toy, name, lives));
      }
      List<Event> all = new ArrayList<>();
      for (Future<List<Event>> worker : workers.invokeAll(tasks)) {
        all.addAll(worker.get());
      }
      return all;
    } finally {
      workers.shutdownNow();
    }
  }

  private List<Event> live(Toy toy, String name, List<String> lives) {
    Events events = new Events(folder.resolve(name + ".events"));
    for (String end : lives) {
      boolean anywhere = end.equals("iteration");
      List<String> words = toy.worker("killed", name, "--test.events", events.file().toString());
      if (!anywhere) {
        words.addAll(List.of("--test.crash-at", end, "--test.crash-how", "hang"));
      }
      try (JarProcess process = JarProcess.start(folder, words)) {
        events.await(process, event -> event.is(anywhere ? "iteration" : "crash-point"));
        process.kill();
        assertThat(events.of(process))
            .as("before the kill at %s", end)
            .anyMatch(event -> event.is("iteration"));
      }
    }
    List<String> words = toy.worker("killed", name, "--test.events", events.file().toString());
    try (JarProcess process = JarProcess.start(folder, words)) {
      var ended = process.await(Duration.ofMinutes(10));
      assertThat(ended.code()).as(ended.err()).isZero();
    }
    return events.all();
  }
}
