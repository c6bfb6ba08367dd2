package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One claim's journal. Rows since the last staging are in {@code rows.jsonl}, for {@code status}
 * and so that not all of them need be held in memory; what a part holds is what was handed over, or
 * there is no part.
 */
final class ClaimJournal implements Journal.RunJournal {
  /** Bytes of rows; of those beyond them the file alone knows. */
  private static final long MOST_HELD = 16L << 20;

  private final FileSystem files;
  private final Layout layout;
  private final RunKey key;
  private final int epoch;
  private final Clock clock;
  private final Trace trace;
  private final FileSystem.Appender logFile;
  private final PendingRows pending;
  private long lastStep;
  private long settled = -1;
  private boolean runFolderSynced;
  private boolean closed;

  ClaimJournal(
      FileSystem files, Layout layout, RunKey key, int epoch, long base, Clock clock, Trace trace)
      throws IOException {
    this.files = files;
    this.layout = layout;
    this.key = key;
    this.epoch = epoch;
    this.clock = clock;
    this.trace = trace;
    this.lastStep = base - 1;
    this.pending = new PendingRows(files, layout.rows(key, epoch), MOST_HELD);
    this.logFile = files.openAppender(layout.runLog(key, epoch));
  }

  /** Where a claim's joined journal lies until FINISH names it. */
  static Path joined(Layout layout, RunKey key, int epoch) {
    return layout.epoch(key, epoch).resolve("metrics.jsonl");
  }

  @Override
  public void row(Row row) {
    if (row.step() <= lastStep) {
      throw new IllegalArgumentException(
          "row " + row.step() + " of run " + key.runId() + " comes after row " + lastStep);
    }
    pending.add(row.step(), RowLine.encode(row));
    lastStep = row.step();
  }

  @Override
  public void log(String line) {
    if (closed) {
      return;
    }
    var time = clock.now().truncatedTo(ChronoUnit.SECONDS);
    try {
      logFile.append((time + " " + line.strip().replace("\n", "\n  ") + "\n").getBytes(UTF_8));
    } catch (IOException full) {
      // A log that cannot be written must not cost a run.
    }
  }

  @Override
  public Journal.StagedPart stage(long from, long to) throws IOException {
    if (from > to || (from == settled && to == settled)) {
      throw new IllegalArgumentException(
          "part " + from + " to " + to + " would replace one that is published");
    }
    pending.clearBefore(from);
    var part = new Written();
    var name = Layout.partName(to, epoch);
    var staged = layout.epoch(key, epoch).resolve(name);
    files.delete(staged);
    files.create(staged, out -> part.write(out, pending, from, to));
    trace.reach("part.staged");
    return new Journal.StagedPart(name, part.sha256(), part.rows);
  }

  @Override
  public void settle(Journal.StagedPart part) throws IOException {
    files.rename(layout.epoch(key, epoch).resolve(part.name()), layout.part(key, part.name()));
    settled = Long.parseLong(part.name().substring(0, part.name().indexOf("-e")));
    files.syncFolder(layout.parts(key));
    if (!runFolderSynced) {
      files.syncFolder(layout.run(key));
      runFolderSynced = true;
    }
    trace.reach("part.renamed");
  }

  @Override
  public Journal.Joined join(List<PublishedCheckpoint> lineage) throws IOException {
    var joined = joined(layout, key, epoch);
    var journal = new Written();
    files.delete(joined);
    files.create(joined, out -> writeAll(lineage, journal, out));
    files.syncFolder(layout.epoch(key, epoch));
    trace.reach("join.written");
    return new Journal.Joined(journal.sha256(), journal.rows);
  }

  @Override
  public Ledger ledger(List<PublishedCheckpoint> lineage) {
    return DirectoryJournal.ledger(files, layout, key, lineage);
  }

  @Override
  public Ledger ledger(Finish finish) {
    return DirectoryJournal.ledger(files, layout, key, finish);
  }

  private void writeAll(List<PublishedCheckpoint> lineage, Written journal, OutputStream out)
      throws IOException {
    var target = new DigestOutputStream(out, journal.digest);
    long next = 0;
    for (var published : lineage) {
      if (published.from() != next) {
        throw new Journal.DamagedPart(
            "metric parts of run "
                + key.runId()
                + " leave a gap from step "
                + next
                + " to "
                + published.from());
      }
      PublishedPart.of(files, layout, key, published).copy(target);
      journal.rows += published.partRows();
      next = published.iter();
    }
    target.flush();
    journal.write(out, pending, next, Long.MAX_VALUE);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (logFile) {
      pending.close();
    } catch (IOException lost) {
      // Nothing that counts is in these two files.
    }
  }

  /** Lines on their way to a file, counted and hashed. */
  private static final class Written {
    final java.security.MessageDigest digest = Sha256.digest();
    long rows;

    void write(OutputStream out, PendingRows pending, long from, long to) throws IOException {
      var target = new DigestOutputStream(out, digest);
      rows += pending.write(target, from, to);
      target.flush();
    }

    String sha256() {
      return Sha256.hex(digest);
    }
  }
}
