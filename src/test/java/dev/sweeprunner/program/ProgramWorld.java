package dev.sweeprunner.program;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.testkit.Life;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A folder with a bash program and its sweep, and workers that run it, in this process. */
final class ProgramWorld {
  final List<String> notices = new CopyOnWriteArrayList<>();
  final Path root;
  private final Path folder;
  private final Map<String, String> evidence = new TreeMap<>();
  private volatile String stop = "";
  private ProgramRules.Folder mode = ProgramRules.Folder.SHARED;
  private long copyLimit = 1 << 30;
  private @Nullable Relay relay;
  private Duration grace = Duration.ofSeconds(20);
  private Duration hang = Duration.ZERO;

  /** A program with this text below its first line. */
  ProgramWorld(Path folder, String text) throws IOException {
    this.folder = folder;
    this.root = folder.resolve("storage");
    Files.writeString(folder.resolve("train.sh"), "#!/bin/bash\n" + text);
    Files.setPosixFilePermissions(
        folder.resolve("train.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
    sweep("x: {values: [1]}");
  }

  ProgramWorld sweep(String parameters) throws IOException {
    Files.writeString(
        folder.resolve("sweep.yaml"),
        """
        project: p
        name: g
        method: grid
        program: ./train.sh
        command: ["${program}", "${args}"]
        parameters:
          %s
        """
            .formatted(parameters));
    return this;
  }

  /** What is said of its evidence. */
  ProgramWorld says(String name, String value) {
    evidence.put(name, value);
    return this;
  }

  /** Asks every worker to stop; not any more where {@code why} is empty. */
  void stop(String why) {
    stop = why;
  }

  ProgramWorld copying() {
    return mode(ProgramRules.Folder.COPY);
  }

  ProgramWorld mode(ProgramRules.Folder wish) {
    mode = wish;
    return this;
  }

  /** A copy of more bytes is told of. */
  ProgramWorld copyLimit(long bytes) {
    copyLimit = bytes;
    return this;
  }

  /** Programs log there. */
  ProgramWorld relay(Relay here) {
    relay = here;
    return this;
  }

  ProgramWorld grace(Duration time) {
    grace = time;
    return this;
  }

  ProgramWorld hang(Duration time) {
    hang = time;
    return this;
  }

  Points points() {
    SweepFile sweep = SweepFileReader.read(folder.resolve("sweep.yaml"), Map.of());
    return Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
  }

  ProgramTraining training() {
    return new ProgramTraining(
        new ProgramSite(
            new LocalFiles(),
            new Layout(root),
            new SystemClock(),
            time -> {},
            Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", folder.toString()),
            folder,
            Duration.ofMinutes(5),
            Optional.empty(),
            Optional.ofNullable(relay)),
        points(),
        new ProgramRules(
            "python",
            "",
            false,
            mode,
            copyLimit,
            true,
            "TERM",
            grace,
            Duration.ofMinutes(10),
            hang,
            Duration.ofSeconds(60),
            "",
            false,
            1 << 20,
            Map.of(),
            evidence,
            true),
        Places.of(folder, folder.resolve("sweep.yaml")),
        notices::add);
  }

  /** A new worker. */
  Life worker() {
    return worker(point -> {});
  }

  /** A new worker that tells where it is. */
  Life worker(Consumer<String> points) {
    ProgramTraining training = training();
    return new Life(
        root,
        points(),
        new Trace() {
          @Override
          public void event(String name, String runId, int epoch, long iter) {}

          @Override
          public void reach(String point) {
            points.accept(point);
          }
        },
        0,
        Telemetry.OFF,
        training,
        training.format(),
        () -> Optional.of(stop).filter(why -> !why.isEmpty()));
  }

  /** A new worker claims the first point that is free and works on it. */
  Outcome work() {
    Life worker = worker();
    return worker.train(worker.claim().orElseThrow());
  }

  /** The run's folder of a point. */
  Path run(int index) {
    Point point = points().at(index);
    return new Layout(root).run(point.key());
  }

  /** Where its program works for all claims. */
  Path work(int index) {
    return new Layout(root).work(points().at(index).key());
  }

  /** A file's text; empty where there is none. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException none) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
