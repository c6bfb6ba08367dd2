package dev.sweeprunner.journal;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.PublishedNames;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The journals of one storage root.
 *
 * <p>A claim writes only below its own epoch's names; a part gets its lasting name by a rename, the
 * joined journal only after the FINISH that names its hash. So a superseded claim never reaches a
 * run's result. Any thread may call it; the journals it opens belong to one thread each.
 */
public final class DirectoryJournal implements Journal {
  private final FileSystem files;
  private final Layout layout;
  private final Owner owner;
  private final Supplier<Provenance> provenance;
  private final Clock clock;
  private final Trace trace;
  private final ConfigFile configs;
  private final FinishedRun finished;

  /**
   * Names the journals of one storage root; touches nothing.
   *
   * @param owner this process, for {@code meta/}
   * @param provenance asked once per claim; may wait for its answer
   * @param clock wall time for logs
   * @param trace reaches {@code part.staged}, {@code part.renamed}, {@code join.written}
   */
  public DirectoryJournal(
      FileSystem files,
      Layout layout,
      Owner owner,
      Supplier<Provenance> provenance,
      Clock clock,
      Trace trace) {
    this.files = files;
    this.layout = layout;
    this.owner = owner;
    this.provenance = provenance;
    this.clock = clock;
    this.trace = trace;
    this.configs = new ConfigFile(files, layout);
    this.finished = new FinishedRun(files, layout, owner.incarnation(), clock);
  }

  @Override
  public RunJournal open(Point point, int epoch, long base) throws IOException {
    var key = point.key();
    var written = configs.written(point);
    files.makeFolders(layout.epoch(key, epoch));
    files.makeFolders(layout.meta(key, epoch));
    files.makeFolders(layout.parts(key));
    if (!written) {
      configs.write(point, layout.epoch(key, epoch).resolve("config.json"));
    }
    new MetaFolder(files, layout).write(point, epoch, base, owner, provenance.get(), clock);
    return new ClaimJournal(files, layout, key, epoch, base, clock, trace);
  }

  /**
   * As the port says; a run between two claims answers from its newest part. Reads the ends of
   * files only, and takes what cannot be read for absent.
   */
  @Override
  public Optional<Row> newest(RunKey key, int epoch) {
    return Tail.lastRow(layout.journal(key))
        .or(() -> Tail.lastRow(layout.rows(key, epoch)))
        .or(() -> newestPart(key).flatMap(Tail::lastRow));
  }

  @Override
  public Optional<String> command(RunKey key, int epoch) {
    try {
      Fields started = Fields.of(files.read(layout.program(key, epoch)));
      return Optional.of(
          String.join(" ", started.texts("argv")) + " in " + started.textOr("cwd", "?"));
    } catch (IOException | UnreadableJson none) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> remarks(RunKey key) {
    return new RunLogs(layout).remarks(key);
  }

  @Override
  public RunKey home(RunKey key) {
    return new RunFolders(layout).home(key);
  }

  @Override
  public Optional<String> damage(RunKey key, PublishedCheckpoint published) throws IOException {
    try {
      PublishedPart.of(files, layout, key, published).check();
      return Optional.empty();
    } catch (DamagedPart damaged) {
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
  }

  @Override
  public boolean restore(RunKey key, PublishedCheckpoint published) throws IOException {
    return PublishedPart.of(files, layout, key, published)
        .restore(layout.rows(key, PublishedNames.epochOfPart(published.part())));
  }

  @Override
  public Optional<Goal> goal(RunKey key) {
    return configs.goal(key);
  }

  /**
   * As the port says; any process may call it, several at once. {@code FINISHED.json} comes last
   * and says that all is done, so a second call costs one look.
   */
  @Override
  public void conclude(RunKey key, Finish finish) throws IOException {
    if (!finished.done(key)) {
      finished.tidy(key, finish);
    }
  }

  @Override
  public Ledger ledger(RunKey key, List<PublishedCheckpoint> lineage) {
    return ledger(files, layout, key, lineage);
  }

  @Override
  public Ledger ledger(RunKey key, Finish finish) {
    return ledger(files, layout, key, finish);
  }

  static Ledger ledger(
      FileSystem files, Layout layout, RunKey key, List<PublishedCheckpoint> lineage) {
    List<LineageLedger.Part> parts =
        lineage.stream()
            .map(
                c ->
                    new LineageLedger.Part(
                        layout.part(key, c.part()), c.partRows(), c.partSha256()))
            .toList();
    long lines = parts.stream().mapToLong(LineageLedger.Part::rows).sum();
    return new LineageLedger(files, parts, layout.journal(key), lines);
  }

  static Ledger ledger(FileSystem files, Layout layout, RunKey key, Finish finish) {
    LineageLedger.Part whole =
        new LineageLedger.Part(layout.journal(key), finish.rows(), finish.journalSha256());
    return new LineageLedger(files, List.of(whole), layout.journal(key), finish.rows());
  }

  private Optional<Path> newestPart(RunKey key) {
    try {
      return files.list(layout.parts(key)).stream()
          .max(Comparator.naturalOrder())
          .map(name -> layout.part(key, name));
    } catch (IOException absent) {
      return Optional.empty();
    }
  }
}
