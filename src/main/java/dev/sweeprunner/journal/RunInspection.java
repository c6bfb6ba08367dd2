package dev.sweeprunner.journal;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimLog;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Inspection;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.PublishedCheckpoint;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run's folder, config and rows are those that its log names. Where the config is another
 * run's, nothing else of the folder is looked at. Any thread may call it.
 */
public final class RunInspection implements Inspection.Folders {
  private static final String ANEW =
      "Restore it, or remove the run's folder, its lock and its .done to train it anew";
  private static final String BACK =
      "Nothing: the next worker goes back to the newest whole checkpoint before it";

  private final Layout layout;
  private final FileSystem files;
  private final ConfigCheck configs;

  /** The run folders under a storage root. */
  public RunInspection(Layout layout, FileSystem files) {
    this.layout = layout;
    this.files = files;
    this.configs = new ConfigCheck(layout, files);
  }

  @Override
  public List<String> projects() {
    return new RunFolders(layout).projects();
  }

  @Override
  public Inspection.Stock stock(String project) {
    return new RunFolders(layout).stock(project);
  }

  @Override
  public List<Finding> inspect(RunKey key, ClaimLog log, Inspection.Depth depth) {
    Path folder = layout.run(key);
    try {
      List<String> names = files.list(folder);
      if (!log.begun()) {
        return withoutLog(key, log, names).stream().toList();
      }
      Optional<Finding> config = configs.of(key, log);
      if (config.isPresent()) {
        return List.of(config.get());
      }
      Finish finish = log.finish();
      return finish == null
          ? unfinished(key, log, names, depth)
          : finished(key, log, finish, names, depth).stream().toList();
    } catch (NoSuchFileException e) {
      return log.madeSomething()
          ? List.of(missing(key, folder, "the run's folder", ANEW))
          : List.of();
    } catch (IOException e) {
      return List.of(unreadable(key, folder, e));
    }
  }

  /** The log may be another program's, or was named as broken already. */
  private Optional<Finding> withoutLog(RunKey key, ClaimLog log, List<String> names) {
    boolean ours =
        names.contains("config.json") || names.contains("ckpt") || names.contains("FINISHED.json");
    if (!ours || log.foreign() || !log.findings().isEmpty()) {
      return Optional.empty();
    }
    String fact = "a run was worked on in it, but no record of its claim log is there";
    String wayOut = "Restore " + log.path() + ", or remove the folder to train the run anew";
    return Optional.of(finding(Kind.ORPHANED, key, layout.run(key), fact, wayOut));
  }

  private Optional<Finding> finished(
      RunKey key, ClaimLog log, Finish finish, List<String> names, Inspection.Depth depth)
      throws IOException {
    Path journal = layout.journal(key);
    if (!names.contains(String.valueOf(journal.getFileName()))) {
      return !log.hinted() && joined(key, finish)
          ? Optional.empty() // not concluded yet: any worker that passes by does it
          : Optional.of(
              missing(key, journal, "the journal that the record of its end names", ANEW));
    }
    PublishedCheckpoint tip = log.tip();
    Origin imported = tip == null ? null : tip.imported();
    long first = imported == null ? 0 : imported.iter();
    long interval = configs.interval(key);
    RowCheck wanted =
        new RowCheck(finish.journalSha256(), finish.rows(), first, finish.iter(), true, interval);
    return rows(key, journal, wanted, depth, ANEW)
        .or(() -> log.hinted() ? leftover(key, names) : Optional.empty());
  }

  private boolean joined(RunKey key, Finish finish) throws IOException {
    for (String epoch : list(layout.epochs(key))) {
      if (epoch.matches("[0-9]{1,9}")) {
        byte[] joined = read(ClaimJournal.joined(layout, key, Integer.parseInt(epoch)));
        if (joined != null && Sha256.of(joined).equals(finish.journalSha256())) {
          return true;
        }
      }
    }
    return false;
  }

  /** What is still there, or not yet, though the hint says that nothing is left to do. */
  private Optional<Finding> leftover(RunKey key, List<String> names) {
    List<String> rest =
        names.stream()
            .filter(
                name ->
                    name.equals("epochs")
                        || name.equals("metrics")
                        || name.startsWith(FileSystem.TEMP_PREFIX))
            .sorted()
            .toList();
    String again = "Remove " + key.runId() + ".done: the next worker does what is left";
    if (!rest.isEmpty()) {
      String fact = "it has finished and still holds " + String.join(", ", rest);
      return Optional.of(finding(Kind.LEFTOVER, key, layout.run(key), fact, again));
    }
    Path hint = layout.finished(key);
    return names.contains(String.valueOf(hint.getFileName()))
        ? Optional.empty()
        : Optional.of(missing(key, hint, "the word that it has finished", again));
  }

  private List<Finding> unfinished(
      RunKey key, ClaimLog log, List<String> names, Inspection.Depth depth) throws IOException {
    List<Finding> findings = new ArrayList<>();
    long next = 0;
    for (PublishedCheckpoint part : log.lineage()) {
      Path file = layout.part(key, part.part());
      if (part.from() != next && log.findings().isEmpty()) {
        String fact = "no part that is published holds the steps " + next + " to " + part.from();
        findings.add(finding(Kind.BROKEN_CHAIN, key, file, fact, ANEW));
      }
      next = part.iter();
      RowCheck wanted =
          new RowCheck(
              part.partSha256(),
              part.partRows(),
              part.firstStep(),
              part.iter(),
              false,
              configs.interval(key));
      part(key, file, wanted, depth).ifPresent(findings::add);
    }
    if (log.findings().isEmpty()) {
      beyond(key, log, names).ifPresent(findings::add);
    }
    return findings;
  }

  private Optional<Finding> part(RunKey key, Path file, RowCheck wanted, Inspection.Depth depth)
      throws IOException {
    return list(layout.parts(key)).contains(String.valueOf(file.getFileName()))
        ? rows(key, file, wanted, depth, BACK)
        : Optional.of(missing(key, file, "a published metric part", BACK));
  }

  /** Files of an end or of a claim that the log does not know: its newest slots are gone. */
  private Optional<Finding> beyond(RunKey key, ClaimLog log, List<String> names)
      throws IOException {
    Path hint = layout.finished(key);
    if (names.contains(String.valueOf(hint.getFileName()))) {
      String fact = "it says that the run has finished, but the claim log does not";
      return Optional.of(finding(Kind.ORPHANED, key, hint, fact, "Restore " + log.path()));
    }
    for (String epoch : list(layout.metas(key))) {
      if (epoch.matches("[0-9]{1,9}") && Integer.parseInt(epoch) > log.newest()) {
        String fact = "it is of a claim beyond record " + log.newest() + ", the log's newest";
        Path meta = layout.metas(key).resolve(epoch);
        return Optional.of(finding(Kind.BROKEN_CHAIN, key, meta, fact, "Restore " + log.path()));
      }
    }
    return Optional.empty();
  }

  private Optional<Finding> rows(
      RunKey key, Path file, RowCheck wanted, Inspection.Depth depth, String wayOut) {
    if (depth == Inspection.Depth.SIZES) {
      return Optional.empty();
    }
    try {
      return wanted
          .fault(files.read(file))
          .map(fault -> finding(fault.kind(), key, file, fault.fact(), wayOut));
    } catch (IOException e) {
      return Optional.of(unreadable(key, file, e));
    }
  }

  private List<String> list(Path folder) throws IOException {
    try {
      return files.list(folder);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private byte @Nullable [] read(Path file) throws IOException {
    try {
      return files.read(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private Finding missing(RunKey key, Path path, String what, String wayOut) {
    return finding(Kind.MISSING, key, path, what + " is not there", wayOut);
  }

  private Finding unreadable(RunKey key, Path path, IOException e) {
    String fact = "it cannot be read: " + Why.of(e);
    return finding(Kind.UNREADABLE, key, path, fact, "Make it readable for this user");
  }

  private Finding finding(Kind kind, RunKey key, Path path, String fact, String wayOut) {
    return new Finding(kind, key.runId(), layout.told(path), fact, wayOut);
  }
}
