package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimLog;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.Inspection;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.RecordType;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads whole claim logs and says what is wrong with them. Any thread may call it. */
public final class LogInspection implements Inspection.Logs {
  private static final int ROUNDS = 5;

  private final Layout layout;
  private final FileSystem files;
  private final EarlierRunner earlier;

  /** The logs under a storage root. */
  public LogInspection(Layout layout, FileSystem files) {
    this.layout = layout;
    this.files = files;
    this.earlier = new EarlierRunner(layout, files);
  }

  @Override
  public Inspection.Locks locks(String project) {
    Path folder = layout.locks(project);
    Set<String> runIds = new HashSet<>();
    List<Finding> findings = new ArrayList<>();
    try {
      for (String name : files.list(folder)) {
        String runId = name.replaceFirst("(\\.resume)?\\.(lock|done)$", "");
        if (!runId.equals(name)) {
          runIds.add(runId);
        }
      }
      new LockFormat(layout, files).read(project);
    } catch (NoSuchFileException e) {
      return new Inspection.Locks(runIds, findings);
    } catch (IOException e) {
      findings.add(unreadable("", folder, e));
    } catch (UserError e) {
      String fact = "it names no format of claims that is known here";
      String wayOut = "Use the version of the program that wrote it";
      findings.add(finding(Kind.UNREADABLE, "", layout.format(project), fact, wayOut));
    }
    return new Inspection.Locks(runIds, findings);
  }

  @Override
  public ClaimLog log(RunKey key) {
    boolean hinted = there(layout.done(key));
    try {
      for (int round = 1; round < ROUNDS; round++) {
        try {
          return read(key, hinted);
        } catch (NoSuchFileException e) {
          continue; // compacted between listing and reading
        }
      }
      return read(key, hinted);
    } catch (NotDirectoryException e) {
      return new ClaimLog(place(key), List.of(), 0, hinted, true, List.of());
    } catch (IOException e) {
      List<Finding> findings = List.of(unreadable(key.runId(), layout.lock(key), e));
      return new ClaimLog(place(key), List.of(), 0, hinted, false, findings);
    }
  }

  private ClaimLog read(RunKey key, boolean hinted) throws IOException {
    boolean resumed = earlier.resumeLock(key) != null;
    if (!there(layout.lock(key))) {
      List<Finding> findings = hinted ? List.of(withoutEnd(key, "has no claim log")) : List.of();
      return new ClaimLog(place(key), List.of(), 0, hinted, resumed, findings);
    }
    Contents contents = Contents.of(files.list(layout.lock(key)));
    boolean foreign = resumed || EarlierRunner.strangers(contents) != null;
    List<LogCheck.Slot> slots = slots(key, contents);
    List<Finding> findings = new ArrayList<>(new LogCheck(key.runId(), place(key)).of(slots));
    List<LogEnd> records = slots.stream().flatMap(slot -> slot.end().stream()).toList();
    if (findings.isEmpty() && !foreign) {
      beyond(key, contents)
          .or(() -> hinted ? concluded(key, contents, records) : Optional.empty())
          .ifPresent(findings::add);
    }
    if (contents.newest() > 0) {
      contents.strangers().forEach(name -> findings.add(stranger(key, name)));
    }
    return new ClaimLog(place(key), records, contents.newest(), hinted, foreign, findings);
  }

  private List<LogCheck.Slot> slots(RunKey key, Contents contents) throws IOException {
    List<LogCheck.Slot> slots = new ArrayList<>();
    for (int number : contents.slots()) {
      byte[] bytes = files.read(layout.lock(key).resolve(Contents.slotName(number)));
      slots.add(LogCheck.Slot.of(number, bytes));
    }
    return slots;
  }

  /** A beat of a claim that the log does not know: its newest slots are gone. */
  private Optional<Finding> beyond(RunKey key, Contents contents) {
    return contents.beats().stream()
        .filter(name -> name.compareTo(Contents.beatName(contents.newest())) > 0)
        .findFirst()
        .map(
            name ->
                finding(
                    Kind.BROKEN_CHAIN,
                    key.runId(),
                    layout.lock(key).resolve(name),
                    "it is the beat of a claim beyond record " + contents.newest() + ", the newest",
                    "Restore the newest records; without them the run goes on from what is left"));
  }

  /** What is wrong where the hint says that all was done that follows the end of a log. */
  private Optional<Finding> concluded(RunKey key, Contents contents, List<LogEnd> records) {
    RecordType end = records.isEmpty() ? null : records.get(records.size() - 1).type();
    if (end == RecordType.FINISH) {
      int rest = contents.slots().size() - 1 + contents.beats().size() + contents.temps().size();
      return rest == 0 ? Optional.empty() : Optional.of(leftover(key, rest));
    }
    return end == RecordType.POISON
        ? Optional.empty()
        : Optional.of(
            withoutEnd(key, end == null ? "holds no record" : "ends in '" + end.told() + "'"));
  }

  private Finding leftover(RunKey key, int rest) {
    return finding(
        Kind.LEFTOVER,
        key.runId(),
        layout.lock(key),
        "beside the record of the end it holds "
            + rest
            + " more files, which nobody removes any more",
        "Remove " + key.runId() + ".done: the next worker tidies up");
  }

  private Finding withoutEnd(RunKey key, String how) {
    return finding(
        Kind.ORPHANED,
        key.runId(),
        layout.done(key),
        "it says that the claim log has ended, but the run " + how,
        "Remove it: workers pass the run over as long as it lies there");
  }

  private Finding stranger(RunKey key, String name) {
    return finding(
        Kind.FOREIGN,
        key.runId(),
        layout.lock(key).resolve(name),
        "no file of this program's lies there under such a name",
        "Stop whatever else works on this run, and remove the file");
  }

  private Finding unreadable(String runId, Path path, IOException e) {
    String fact = "it cannot be read: " + Why.of(e);
    String wayOut = "Make it readable for this user: until then the run is left alone";
    return finding(Kind.UNREADABLE, runId, path, fact, wayOut);
  }

  private Finding finding(Kind kind, String runId, Path path, String fact, String wayOut) {
    return new Finding(kind, runId, layout.told(path), fact, wayOut);
  }

  private boolean there(Path path) {
    try {
      files.modified(path);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private String place(RunKey key) {
    return layout.told(layout.lock(key));
  }
}
