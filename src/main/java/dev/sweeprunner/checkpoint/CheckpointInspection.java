package dev.sweeprunner.checkpoint;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.ClaimLog;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Inspection;
import dev.sweeprunner.run.Lineage;
import dev.sweeprunner.run.PublishedCheckpoint;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether the checkpoints that a run still needs are those that its log names: the two newest
 * whole, older permanent ones by their weights. What the run's state does not stand on is not
 * looked at.
 *
 * <p>A log that was cut down to its FINISH names the last checkpoint alone; the others that lie
 * there are compared with their own manifests. Any thread may call it.
 */
public final class CheckpointInspection implements Inspection {
  private static final String ANEW =
      "Restore it, or remove the run's folder, its lock and its .done to train it anew";
  private static final String BACK =
      "Nothing: the next worker goes back to the newest whole checkpoint before it";
  private static final String OLD = "Nothing, unless you need it: the run itself does not";

  private final Layout layout;
  private final FileSystem files;
  private final Set<String> droppable;

  /**
   * The checkpoints under a storage root.
   *
   * @param droppable files that an old permanent one need not keep
   */
  public CheckpointInspection(Layout layout, FileSystem files, List<String> droppable) {
    this.layout = layout;
    this.files = files;
    this.droppable = Set.copyOf(droppable);
  }

  @Override
  public List<Finding> inspect(RunKey key, ClaimLog log, Inspection.Depth depth) {
    if (!log.madeSomething()) {
      return List.of();
    }
    try {
      List<String> names = list(layout.checkpoints(key));
      List<Finding> findings = new ArrayList<>();
      names.stream()
          .filter(CheckpointInspection::strange)
          .sorted()
          .forEach(name -> findings.add(stranger(key, name)));
      Finish finish = log.finish();
      Map<String, Wanted> wanted = finish == null ? needed(log) : left(finish, names);
      for (Map.Entry<String, Wanted> each : wanted.entrySet()) {
        of(key, each.getKey(), each.getValue(), names, depth).ifPresent(findings::add);
      }
      return findings;
    } catch (IOException e) {
      return List.of(unreadable(key, layout.checkpoints(key), e));
    }
  }

  /**
   * What a checkpoint must be.
   *
   * @param manifestSha256 or empty where no record names it
   * @param whole whether nothing of it may have been dropped
   * @param wayOut where it is not
   */
  private record Wanted(String manifestSha256, boolean whole, String wayOut) {}

  /** Of a run that goes on: what no prune removes, as far as its lineage stands on it. */
  private static Map<String, Wanted> needed(ClaimLog log) {
    int whole = log.whole() ? Checkpoints.WHOLE : 1;
    List<PublishedCheckpoint> newestFirst = Lineage.newestFirst(log.published());
    Map<String, Wanted> wanted = new TreeMap<>();
    for (PublishedCheckpoint checkpoint : log.lineage()) {
      int rank = newestFirst.indexOf(checkpoint);
      if (rank < whole || checkpoint.permanent()) {
        String wayOut = rank < Checkpoints.WHOLE ? BACK : OLD;
        wanted.put(
            checkpoint.name(), new Wanted(checkpoint.manifestSha256(), rank < whole, wayOut));
      }
    }
    return wanted;
  }

  /** Of a run that has finished: its last, and whatever else was left to it. */
  private static Map<String, Wanted> left(Finish finish, List<String> names) {
    Map<String, Wanted> wanted = new TreeMap<>();
    for (String name : names) {
      if (DiskCheckpoints.named(name)) {
        wanted.put(name, new Wanted("", false, OLD));
      }
    }
    wanted.put(finish.checkpoint(), new Wanted(finish.manifestSha256(), true, ANEW));
    return wanted;
  }

  private Optional<Finding> of(
      RunKey key, String name, Wanted wanted, List<String> names, Inspection.Depth depth) {
    Path folder = layout.checkpoint(key, name);
    if (!names.contains(name)) {
      String fact = "a checkpoint that the claim log names is not there";
      return Optional.of(finding(Kind.MISSING, key, folder, fact, wanted.wayOut()));
    }
    StoredFiles stored = new StoredFiles(files, folder);
    try {
      return stored
          .fault(
              wanted.manifestSha256(),
              wanted.whole() ? Set.of() : droppable,
              depth == Inspection.Depth.ALL)
          .map(
              fault ->
                  finding(
                      fault.missing() ? Kind.MISSING : Kind.DAMAGED,
                      key,
                      folder.resolve(fault.file()),
                      fault.fact(),
                      wanted.wayOut()));
    } catch (IOException e) {
      return Optional.of(unreadable(key, folder, e));
    }
  }

  private static boolean strange(String name) {
    return !DiskCheckpoints.named(name)
        && !name.equals("latest")
        && !name.startsWith(FileSystem.TEMP_PREFIX)
        && !name.startsWith(".nfs");
  }

  private Finding stranger(RunKey key, String name) {
    String fact = "no checkpoint of this program's has such a name";
    String wayOut = "Nothing: it is left alone; move it if it is in your way";
    return finding(Kind.FOREIGN, key, layout.checkpoint(key, name), fact, wayOut);
  }

  private Finding unreadable(RunKey key, Path path, IOException e) {
    String fact = "it cannot be read: " + Why.of(e);
    return finding(Kind.UNREADABLE, key, path, fact, "Make it readable for this user");
  }

  private Finding finding(Kind kind, RunKey key, Path path, String fact, String wayOut) {
    return new Finding(kind, key.runId(), layout.told(path), fact, wayOut);
  }

  private List<String> list(Path folder) throws IOException {
    try {
      return files.list(folder);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
