package dev.sweeprunner.journal;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One run's folder, and claims that write into it. */
final class RunFolder {
  final FileSystem files = new LocalFiles();
  final Layout layout;
  final Point point;
  final List<String> reached = new ArrayList<>();
  private final SettableClock clock = new SettableClock();

  RunFolder(Path root) {
    this.layout = new Layout(root.resolve("storage"));
    this.point = Grids.tiny(root.resolve("sweep"), 1, 4).at(0);
  }

  static Owner owner(String incarnation, String worker) {
    return new Owner(
        incarnation, worker, "local", "node1", "machine", "boot", 42, "1", "2", "ada", "cpu", null);
  }

  DirectoryJournal journal() {
    return journal(files, "a1");
  }

  DirectoryJournal journal(FileSystem through, String incarnation) {
    return new DirectoryJournal(
        through,
        layout,
        owner(incarnation, "node1-1"),
        () -> new Provenance("c0ffee", "diff --git a b\n", Map.of("java", "17")),
        clock,
        new Trace() {
          @Override
          public void event(String name, String runId, int epoch, long iter) {}

          @Override
          public void reach(String crashPoint) {
            reached.add(crashPoint);
          }
        });
  }

  Journal.RunJournal open(int epoch, long base) throws IOException {
    return journal().open(point, epoch, base);
  }

  static Row row(long step) {
    return new Row(step, Map.of("train/loss", 1.0 / (step + 1)), Map.of("time_ms", 3.5));
  }

  static void rows(Journal.RunJournal journal, long from, long to) throws IOException {
    for (long step = from; step < to; step++) {
      journal.row(row(step));
    }
  }

  static PublishedCheckpoint publish(Journal.RunJournal journal, int epoch, long from, long to)
      throws IOException {
    var part = journal.stage(from, to);
    journal.settle(part);
    return new PublishedCheckpoint(
        to,
        epoch,
        Layout.publishedName(to, epoch),
        "m",
        false,
        from,
        part.name(),
        part.sha256(),
        part.rows());
  }

  /** A run of four iterations, preempted once at two, joined but not yet concluded. */
  Finish joined() throws IOException {
    var lineage = new ArrayList<PublishedCheckpoint>();
    try (var first = open(1, 0)) {
      first.log("first life");
      rows(first, 0, 3);
      lineage.add(publish(first, 1, 0, 2));
    }
    try (var second = open(5, 2)) {
      second.log("second life");
      rows(second, 2, 4);
      lineage.add(publish(second, 5, 2, 4));
      rows(second, 4, 5);
      var joined = second.join(lineage);
      return new Finish(4, lineage.get(1).name(), "m", joined.sha256(), joined.rows());
    }
  }

  /** Every file of the run's folder with its text. */
  Map<String, String> content() throws IOException {
    var content = new TreeMap<String, String>();
    var run = layout.run(point.key());
    try (var walk = Files.walk(run)) {
      walk.filter(Files::isRegularFile)
          .forEach(file -> content.put(run.relativize(file).toString(), text(file)));
    }
    return new LinkedHashMap<>(content);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
