package dev.sweeprunner.journal;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What happens to a run's folder after its FINISH. Every step may be repeated, by anyone and by
 * several at once; {@code FINISHED.json} comes last and says that all is done.
 */
final class FinishedRun {
  private static final int VERSION = 1;

  private final FileSystem files;
  private final Layout layout;
  private final String incarnation;
  private final Clock clock;

  /** {@code incarnation} keeps the scratch files of processes apart. */
  FinishedRun(FileSystem files, Layout layout, String incarnation, Clock clock) {
    this.files = files;
    this.layout = layout;
    this.incarnation = incarnation;
    this.clock = clock;
  }

  /** Whether nothing is left to do. */
  boolean done(RunKey key) throws IOException {
    try {
      return files.read(layout.finished(key)).length > 0;
    } catch (NoSuchFileException absent) {
      return false;
    }
  }

  /**
   * Does what is left to do.
   *
   * @throws IOException if the journal that FINISH names is nowhere; then nothing was removed
   */
  void tidy(RunKey key, Finish finish) throws IOException {
    clearTemps(key);
    putJournal(key, finish);
    joinLogs(key);
    files.deleteTree(layout.parts(key));
    files.deleteTree(layout.epochs(key));
    writeFinished(key, finish);
  }

  /** Makes {@code metrics.jsonl} the journal that FINISH names. */
  private void putJournal(RunKey key, Finish finish) throws IOException {
    var journal = layout.journal(key);
    if (holds(journal, finish.journalSha256())) {
      return;
    }
    for (int epoch : epochs(layout.epochs(key))) {
      var joined = ClaimJournal.joined(layout, key, epoch);
      if (holds(joined, finish.journalSha256()) && moved(joined, journal)) {
        files.syncFolder(layout.run(key));
        return;
      }
    }
    // Another process may have moved it since the first look.
    if (holds(journal, finish.journalSha256())) {
      return;
    }
    throw new IOException(
        "no journal of run "
            + key.runId()
            + " has the SHA-256 "
            + finish.journalSha256()
            + " that the record of its end names");
  }

  /** A process that was killed here before may have left a file in the making. */
  private void clearTemps(RunKey key) throws IOException {
    for (var name : files.list(layout.run(key))) {
      if (name.startsWith(FileSystem.TEMP_PREFIX)) {
        files.delete(layout.run(key).resolve(name));
      }
    }
  }

  private boolean moved(Path joined, Path journal) throws IOException {
    try {
      files.rename(joined, journal);
      return true;
    } catch (NoSuchFileException anotherWasFaster) {
      return false;
    }
  }

  private boolean holds(Path file, String sha256) throws IOException {
    try (InputStream in = files.stream(file)) {
      return Sha256.of(in).equals(sha256);
    } catch (NoSuchFileException absent) {
      return false;
    }
  }

  /**
   * One log of all claims. The lasting name is taken only once, and only then are the claims' own
   * logs removed: whoever joins while another removes loses the name, never a line.
   */
  private void joinLogs(RunKey key) throws IOException {
    var epochs = epochs(layout.metas(key));
    var log = layout.runLog(key);
    if (!files.list(layout.run(key)).contains(String.valueOf(log.getFileName()))) {
      var scratch = layout.epochs(key).resolve(FileSystem.TEMP_PREFIX + incarnation);
      try {
        concatenate(key, epochs, scratch);
        WriteOnce.place(files, scratch, log);
        files.delete(scratch);
      } catch (NoSuchFileException anotherIsAhead) {
        return;
      }
    }
    for (int epoch : epochs) {
      files.delete(layout.runLog(key, epoch));
    }
  }

  private void concatenate(RunKey key, List<Integer> epochs, Path scratch) throws IOException {
    files.delete(scratch);
    try (var out = files.openAppender(scratch)) {
      for (int epoch : epochs) {
        out.append(readIfThere(layout.runLog(key, epoch)));
      }
    }
  }

  private byte[] readIfThere(Path file) throws IOException {
    try {
      return files.read(file);
    } catch (NoSuchFileException absent) {
      return new byte[0];
    }
  }

  private List<Integer> epochs(Path folder) throws IOException {
    try {
      return files.list(folder).stream()
          .filter(name -> name.matches("[0-9]{1,9}"))
          .map(Integer::valueOf)
          .sorted()
          .toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }

  private Map<String, Double> lastValues(RunKey key) {
    return Tail.lastRow(layout.journal(key)).map(Row::values).orElse(Map.of());
  }

  private void writeFinished(RunKey key, Finish finish) throws IOException {
    var document = new LinkedHashMap<String, Object>();
    document.put("v", VERSION);
    document.put("run_id", key.runId());
    document.put("iter", finish.iter());
    document.put("checkpoint", finish.checkpoint());
    document.put("manifest_sha256", finish.manifestSha256());
    document.put("journal_sha256", finish.journalSha256());
    document.put("rows", finish.rows());
    document.put("written", clock.now().toString());
    document.put("summary", lastValues(key));
    try {
      files.replace(layout.finished(key), Json.document(document));
    } catch (NoSuchFileException cleared) {
      // Another process that has just begun took the file in the making for litter.
      files.replace(layout.finished(key), Json.document(document));
    }
  }
}
