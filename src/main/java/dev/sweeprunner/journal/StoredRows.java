package dev.sweeprunner.journal;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Journal.DamagedPart;
import dev.sweeprunner.run.Lineage;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.RowText;
import dev.sweeprunner.run.RunRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The rows under a storage root: of a finished run its joined journal, else its published parts and
 * the {@code rows.jsonl} of its newest claim. Each published file is hashed before its first row is
 * handed on. Stateless; any thread.
 */
public final class StoredRows implements RunRows {
  private final Layout layout;
  private final RunFolders folders;
  private final Claims claims;

  /**
   * Rows of these runs.
   *
   * @param claims says which parts count
   */
  public StoredRows(Layout layout, Claims claims) {
    this.layout = layout;
    this.folders = new RunFolders(layout);
    this.claims = claims;
  }

  @Override
  public void each(RunKey key, LogEnd end, Consumer<RowText> rows) throws IOException {
    try {
      all(key, end, new Once(rows));
    } catch (FileSystemException e) {
      throw new IOException(e.getFile() + ": " + Why.of(e), e);
    }
  }

  private void all(RunKey key, LogEnd end, Once once) throws IOException {
    RunKey home = folders.home(key);
    if (end.finish() != null) {
      finished(home, end, end.finish(), once);
      return;
    }
    try {
      unfinished(home, end, once);
    } catch (NoSuchFileException gone) {
      LogEnd now = claims.look(key) instanceof ClaimState.Logged logged ? logged.end() : end;
      if (now.finish() == null) {
        throw new DamagedPart(gone.getFile() + ": the published metric part is missing");
      }
      finished(home, now, now.finish(), once);
    }
  }

  /** Until a finished run is concluded, its journal lies in the folder of its claim. */
  private void finished(RunKey home, LogEnd end, Finish finish, Once once) throws IOException {
    Path place = layout.journal(home);
    for (Path file : List.of(place, ClaimJournal.joined(layout, home, end.epoch()), place)) {
      if (Files.exists(file)) {
        published(file, finish.journalSha256(), once);
        return;
      }
    }
    throw new DamagedPart(place + ": the rows of the finished run are missing");
  }

  private void unfinished(RunKey home, LogEnd end, Once once) throws IOException {
    Path told = layout.rows(home, end.epoch());
    PublishedCheckpoint tip = end.summary().checkpoint();
    if (tip != null) {
      // A claim that could not read the newest publish went on from an older one: its rows count.
      long until = tip.epoch() == end.epoch() ? Long.MAX_VALUE : first(told);
      for (PublishedCheckpoint part : lineage(home, tip)) {
        if (part.from() < until) {
          once.until = until;
          published(layout.part(home, part.part()), part.partSha256(), once);
        }
      }
    }
    once.until = Long.MAX_VALUE;
    told(told, once);
  }

  private List<PublishedCheckpoint> lineage(RunKey key, PublishedCheckpoint tip)
      throws IOException {
    List<PublishedCheckpoint> published =
        claims.history(key).stream()
            .filter(record -> record.type() == RecordType.PUBLISH)
            .map(record -> record.summary().checkpoint())
            .toList();
    List<PublishedCheckpoint> lineage = Lineage.to(tip, published);
    if (lineage.isEmpty()) {
      throw new DamagedPart(layout.lock(key) + ": the log does not name all metric parts");
    }
    return lineage;
  }

  /** The step of the first row in the file; the largest number where there is none. */
  private static long first(Path told) throws IOException {
    long[] first = {Long.MAX_VALUE};
    told(told, row -> first[0] = Math.min(first[0], row.step()));
    return first[0];
  }

  /** What a claim has told: a full disk or a dead host may have torn lines of it. */
  private static void told(Path file, Consumer<RowText> rows) throws IOException {
    try {
      RowLine.each(file, line -> RowLine.decode(line).flatMap(row -> RowLine.text(line)), rows);
    } catch (NoSuchFileException tidied) {
      // The run has finished or was taken over since: what was published is what is known.
    }
  }

  private static void published(Path file, String sha256, Once once) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      if (!Sha256.of(in).equals(sha256)) {
        throw new DamagedPart(file + ": it differs from what was published");
      }
    }
    RowLine.each(file, RowLine::text, once);
  }

  /** Lets each step through once, in order, and none from {@code until} on. */
  private static final class Once implements Consumer<RowText> {
    private final Consumer<RowText> rows;
    private long last = -1;
    private long until = Long.MAX_VALUE;

    Once(Consumer<RowText> rows) {
      this.rows = rows;
    }

    @Override
    public void accept(RowText row) {
      if (row.step() > last && row.step() < until) {
        last = row.step();
        rows.accept(row);
      }
    }
  }
}
