package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the programs of a run's claims have told the relay, as it lies on disk. Any thread. */
record Tracks(FileSystem files, Layout layout) {
  private static final String RUN = "run.json";
  private static final String CONSOLE = "output.log";
  private static final String EVENTS = "events.jsonl";
  private static final String ALERTS = "alerts.jsonl";

  /**
   * The run as the newest claim up to this one describes it; empty where none of their programs has
   * opened it.
   */
  Optional<TrackedRun> run(RunKey key, int epoch) {
    return Stream.concat(Stream.of(epoch), earlier(key, epoch).sorted(Comparator.reverseOrder()))
        .flatMap(claim -> ofClaim(key, claim).stream())
        .findFirst();
  }

  /** The run as this claim's program describes it; empty where it has not opened it. */
  Optional<TrackedRun> ofClaim(RunKey key, int epoch) {
    try {
      return Optional.of(TrackedRun.read(files.read(layout.tracked(key, epoch).resolve(RUN))));
    } catch (IOException | UnreadableJson untold) {
      return Optional.empty();
    }
  }

  /** Records of console lines. */
  ClaimsLines console(RunKey key, int epoch) {
    return new ClaimsLines(places(key, epoch, CONSOLE));
  }

  /** Lines of system metrics. */
  ClaimsLines events(RunKey key, int epoch) {
    return new ClaimsLines(places(key, epoch, EVENTS));
  }

  /** How long the console's file of a claim is now; 0 where there is none. */
  long consoleBytes(RunKey key, int epoch) {
    try {
      return Files.size(layout.tracked(key, epoch).resolve(CONSOLE));
    } catch (IOException none) {
      return 0;
    }
  }

  /**
   * What ships the files and artifacts of the run's claims up to this one.
   *
   * @param notices is told what W&amp;B refuses
   */
  ProgramFilesShipping shipping(RunKey key, int epoch, Clock clock, Consumer<String> notices) {
    ShippedMarks marks = new ShippedMarks(files, layout.shipped(key));
    CargoList cargo = cargo(key, epoch);
    return new ProgramShipping(key.runId(), () -> cargo.look().all(), marks, clock, notices);
  }

  /** As {@link #shipping}, what has people told what those programs want them to be. */
  ProgramFilesShipping messenger(RunKey key, int epoch, Clock clock, Consumer<String> notices) {
    ShippedMarks marks = new ShippedMarks(files, layout.shipped(key));
    return new ProgramShipping(key.runId(), alerts(key, epoch)::look, marks, clock, notices);
  }

  /** What the programs of the run's claims up to this one want people to be told. */
  AlertList alerts(RunKey key, int epoch) {
    SortedMap<Integer, Path> alerts = new TreeMap<>();
    Stream.concat(earlier(key, epoch), Stream.of(epoch))
        .forEach(claim -> alerts.put(claim, layout.tracked(key, claim).resolve(ALERTS)));
    return new AlertList(alerts);
  }

  /** What the programs of the run's claims up to this one have left for W&amp;B. */
  CargoList cargo(RunKey key, int epoch) {
    List<Path> folders =
        Stream.concat(Stream.of(epoch), earlier(key, epoch).sorted(Comparator.reverseOrder()))
            .map(claim -> layout.tracked(key, claim))
            .toList();
    return new CargoList(files, folders);
  }

  private List<Path> places(RunKey key, int epoch, String name) {
    return Stream.concat(earlier(key, epoch).sorted(), Stream.of(epoch))
        .map(claim -> layout.tracked(key, claim).resolve(name))
        .toList();
  }

  private Stream<Integer> earlier(RunKey key, int epoch) {
    try {
      return files.list(layout.metas(key)).stream()
          .filter(name -> name.matches("[0-9]{1,9}"))
          .map(Integer::valueOf)
          .filter(claim -> claim < epoch);
    } catch (IOException none) {
      return Stream.empty();
    }
  }
}
