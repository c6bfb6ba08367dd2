package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.SideRuns;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the programs of a run's claims have told the relay, as it lies on disk. Any thread.
 *
 * @param of the run beside which the one lies that is asked for; null for the run itself
 */
record Tracks(FileSystem files, Layout layout, @Nullable RunKey of) {
  private static final String RUN = "run.json";
  private static final String CONSOLE = "output.log";
  private static final String EVENTS = "events.jsonl";
  private static final String ALERTS = "alerts.jsonl";

  /** Of runs themselves. */
  Tracks(FileSystem files, Layout layout) {
    this(files, layout, null);
  }

  /** Of the runs beside a run: their keys have its names, but for their own as run id. */
  Tracks beside(RunKey run) {
    return new Tracks(files, layout, run);
  }

  /** What tells all that lies there of a run beside another from what did before. */
  String state(RunKey key, int epoch) throws IOException {
    StringBuilder all = new StringBuilder();
    for (int claim : holders(key, epoch)) {
      all.append(claim);
      for (String name : List.of("history.jsonl", CONSOLE, EVENTS, ALERTS, RUN)) {
        Path file = folder(key, claim).resolve(name);
        all.append(' ').append(Files.exists(file) ? Files.size(file) : -1);
        boolean replaced = name.equals(RUN) && Files.exists(file);
        all.append(replaced ? " " + files.modified(file) : "");
      }
      all.append(';');
    }
    return all.toString();
  }

  /** Where a claim keeps it. */
  Path folder(RunKey key, int epoch) {
    return of == null
        ? layout.tracked(key, epoch)
        : SideRuns.folder(layout.tracked(of, epoch), key.runId());
  }

  /** The names of the runs that programs of a run's claims up to this one wrote beside it. */
  List<String> sides(RunKey key, int epoch) {
    return of != null
        ? List.of()
        : claims(key, epoch)
            .flatMap(claim -> listed(SideRuns.all(layout.tracked(key, claim))).stream())
            .filter(name -> SideRuns.number(key.runId(), name) > 0)
            .distinct()
            .sorted(Comparator.comparingInt(name -> SideRuns.number(key.runId(), name)))
            .toList();
  }

  /** The claims up to this one, oldest first, that keep anything of a run beside another. */
  List<Integer> holders(RunKey key, int epoch) {
    return claims(key, epoch).filter(claim -> Files.isDirectory(folder(key, claim))).toList();
  }

  /**
   * With what exit code the client of a run beside another has said goodbye; empty where that went
   * on, or is none of those.
   */
  Optional<Integer> exit(RunKey key, int epoch) throws IOException {
    List<Integer> claims = of == null ? List.of() : holders(key, epoch);
    try {
      return claims.isEmpty()
          ? Optional.empty()
          : Optional.of(
              Fields.of(files.read(SideRuns.end(folder(key, claims.get(claims.size() - 1)))))
                  .integer("exit"));
    } catch (NoSuchFileException | UnreadableJson wentOn) {
      return Optional.empty();
    }
  }

  /**
   * The run as the newest claim up to this one describes it; empty where none of their programs has
   * opened it.
   */
  Optional<TrackedRun> run(RunKey key, int epoch) {
    return newestFirst(key, epoch).flatMap(claim -> ofClaim(key, claim).stream()).findFirst();
  }

  /** The run as this claim's program describes it; empty where it has not opened it. */
  Optional<TrackedRun> ofClaim(RunKey key, int epoch) {
    try {
      return Optional.of(TrackedRun.read(files.read(folder(key, epoch).resolve(RUN))));
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
      return Files.size(folder(key, epoch).resolve(CONSOLE));
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
    CargoList cargo = cargo(key, epoch);
    return new ProgramShipping(key.runId(), () -> cargo.look().all(), marks(key), clock, notices);
  }

  /** As {@link #shipping}, what has people told what those programs want them to be. */
  ProgramFilesShipping messenger(RunKey key, int epoch, Clock clock, Consumer<String> notices) {
    return new ProgramShipping(key.runId(), alerts(key, epoch)::look, marks(key), clock, notices);
  }

  /** What the programs of the run's claims up to this one want people to be told. */
  AlertList alerts(RunKey key, int epoch) {
    SortedMap<Integer, Path> alerts = new TreeMap<>();
    claims(key, epoch).forEach(claim -> alerts.put(claim, folder(key, claim).resolve(ALERTS)));
    return new AlertList(alerts);
  }

  /** What W&amp;B is known to have of it. */
  ShippedMarks marks(RunKey key) {
    return of == null
        ? new ShippedMarks(files, layout.shipped(key), "")
        : new ShippedMarks(files, layout.shipped(of), key.runId() + " ");
  }

  /** What the programs of the run's claims up to this one have left for W&amp;B. */
  CargoList cargo(RunKey key, int epoch) {
    List<Path> folders = newestFirst(key, epoch).map(claim -> folder(key, claim)).toList();
    return new CargoList(files, folders);
  }

  private List<Path> places(RunKey key, int epoch, String name) {
    return claims(key, epoch).map(claim -> folder(key, claim).resolve(name)).toList();
  }

  private Stream<Integer> newestFirst(RunKey key, int epoch) {
    return claims(key, epoch).sorted(Comparator.reverseOrder());
  }

  /** This one, whether it has a folder yet or not, behind those before it. */
  private Stream<Integer> claims(RunKey key, int epoch) {
    Stream<Integer> earlier =
        listed(layout.metas(of == null ? key : of)).stream()
            .filter(name -> name.matches("[0-9]{1,9}"))
            .map(Integer::valueOf)
            .filter(claim -> claim < epoch)
            .sorted();
    return Stream.concat(earlier, IntStream.of(epoch).boxed());
  }

  private List<String> listed(Path folder) {
    try {
      return files.list(folder);
    } catch (IOException none) {
      return List.of();
    }
  }
}
