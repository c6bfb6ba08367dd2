package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.e2e.Events.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sweep files that are edited while a worker works on them. */
class EditIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String PROGRAM =
      """
      method: random
      name: own
      project: e2e
      program: train.sh
      command: ["./train.sh", "${args}"]
      run_cap: 2
      parameters: {x: {min: 0.0, max: 1.0}}
      """;

  @TempDir Path folder;

  @Test
  void an_added_point_is_trained_and_a_dropped_one_only_by_who_has_it() {
    Toy toy = seeds("1, 2, 3, 4");
    Events events = new Events(folder.resolve("events"));
    try (JarProcess worker = worker(toy, events)) {
      Event first = events.await(worker, event -> event.is("iteration"));
      int mine = seedOf(first.run());
      int kept = mine == 4 ? 3 : 4;

      seeds(kept + ", 9");

      var ended = worker.await(LIMIT);
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.out()).contains("toy.yaml changed: 1 point added, 3 dropped.");
      assertThat(ended.out()).contains("2 points: 2 finished");
      assertThat(states()).containsOnly(Map.entry(kept, "finished"), Map.entry(9, "finished"));
      assertThat(finishedRuns()).hasSize(3).contains(first.run());
    }
  }

  @Test
  void a_broken_edit_is_told_once_and_its_mend_is_taken() {
    Toy toy = seeds("1, 2, 3, 4, 5, 6");
    Events events = new Events(folder.resolve("events"));
    try (JarProcess worker = worker(toy, events)) {
      events.await(worker, event -> event.is("iteration"));
      write("toy.yaml", "method: grid\nparameters: {training.seed: {values: [1,\n");
      Events.until(worker, () -> worker.printed().contains("Warning: toy.yaml:"));

      seeds("1, 2, 3, 4, 5, 6, 7");

      var ended = worker.await(LIMIT);
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.err().lines().filter(line -> line.contains("toy.yaml"))).hasSize(1);
      assertThat(ended.err()).contains("goes on as it was before this edit");
      assertThat(ended.out()).contains("toy.yaml changed: 1 point added, 0 dropped.");
      assertThat(states()).hasSize(7).containsEntry(7, "finished");
      assertThat(finishedRuns()).hasSize(7);
    }
  }

  @Test
  void a_larger_run_cap_of_a_programs_sweep_adds_runs() {
    write("own.yaml", PROGRAM);
    write("train.sh", "#!/bin/bash\nsleep 1\n");
    assertThat(folder.resolve("train.sh").toFile().setExecutable(true)).isTrue();
    List<String> words = new ArrayList<>(new Toy(folder, 0).worker("root", "w"));
    words.set(words.indexOf("toy.yaml"), "own.yaml");
    words.addAll(List.of("--pass.max-age", "1ms"));
    try (JarProcess worker = JarProcess.start(folder, words)) {
      Events.until(worker, () -> worker.printed().contains(" begins"));

      write("own.yaml", PROGRAM.replace("run_cap: 2", "run_cap: 4"));

      var ended = worker.await(LIMIT);
      assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
      assertThat(ended.out()).contains("own.yaml changed: 2 points added, 0 dropped.");
      assertThat(Status.of(folder, "own.yaml", "root"))
          .hasSize(4)
          .allMatch(point -> point.path("state").asString().equals("finished"));
    }
  }

  @Test
  void an_earlier_sweep_that_gets_work_again_goes_first_and_shared_points_are_trained_once() {
    seeds("1, 2, 3, 4, 5, 6");
    copy("toy.yaml", "later.yaml", "name: toy", "name: later");
    Toy toy = seeds("1, 2");
    Events events = new Events(folder.resolve("events"));
    try (JarProcess worker =
        worker(toy, events, "--sweep", "later.yaml", "--sweep", "./toy.yaml")) {
      events.await(worker, event -> event.is("iteration") && starts(events).size() == 3);

      seeds("1, 2, 9");

      var ended = worker.await(LIMIT);
      assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
      assertThat(ended.err()).contains("toy.yaml is given twice");
      assertThat(ended.out()).contains("3 points: 3 finished", "6 points: 6 finished");
      List<String> order = starts(events);
      assertThat(order).hasSize(7).doesNotHaveDuplicates();
      assertThat(order.indexOf(runs().get(9))).isBetween(3, 4);
      assertThat(Status.of(folder, "later.yaml", "root"))
          .hasSize(6)
          .allMatch(point -> point.path("state").asString().equals("finished"));
    }
  }

  private static List<String> starts(Events events) {
    return events.all().stream().filter(e -> e.is("start")).map(Event::run).distinct().toList();
  }

  private JarProcess worker(Toy toy, Events events, String... more) {
    List<String> words = toy.worker("root", "w", more);
    words.addAll(List.of("--pass.max-age", "1ms", "--test.events", events.file().toString()));
    return JarProcess.start(folder, words);
  }

  private Toy seeds(String seeds) {
    return Toy.of(folder, 300, "training.seed: {values: [" + seeds + "]}");
  }

  private int seedOf(String run) {
    return runs().entrySet().stream()
        .filter(entry -> entry.getValue().equals(run))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private Map<Integer, String> runs() {
    return bySeed("run_id");
  }

  private Map<Integer, String> states() {
    return bySeed("state");
  }

  private Map<Integer, String> bySeed(String field) {
    Map<Integer, String> values = new TreeMap<>();
    for (JsonNode point : Status.of(folder, "toy.yaml", "root")) {
      int seed = point.path("overrides").path("training.seed").asInt();
      values.put(seed, point.path(field).asString());
    }
    return values;
  }

  private List<String> finishedRuns() {
    try (Stream<Path> files = Files.list(folder.resolve("root/out/e2e/.locks"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".done"))
          .map(name -> name.replace(".done", ""))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copy(String from, String to, String text, String other) {
    try {
      write(to, Files.readString(folder.resolve(from)).replace(text, other));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
