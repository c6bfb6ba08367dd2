package dev.sweeprunner.checkpoint;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.PublishedNames;
import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.Lineage;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checkpoints as folders under a storage root.
 *
 * <p>A kill leaves either a staged folder of the killed epoch or a whole settled one: {@link
 * #settle} is one rename of a folder whose files are on disk already. {@link #prune} and {@link
 * #clearStaging} may be killed anywhere and done again. Folders whose names are not those of
 * checkpoints are never touched, nor is the earlier runner's {@code checkpoints/}.
 *
 * <p>Belongs to one thread.
 */
public final class DiskCheckpoints implements Checkpoints {
  private static final Pattern NAME = Pattern.compile("\\d{7,}-e(\\d{1,9})(-end)?");

  private final FileSystem files;
  private final Layout layout;
  private final SnapshotFormat format;
  private final Trace trace;

  /**
   * Checkpoints under {@code layout}.
   *
   * @param format of what is in them
   * @param trace reaches {@code stage.done}, {@code settle.renamed}, {@code prune.start}, {@code
   *     prune.half}
   */
  public DiskCheckpoints(FileSystem files, Layout layout, SnapshotFormat format, Trace trace) {
    this.files = files;
    this.layout = layout;
    this.format = format;
    this.trace = trace;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where writing fails (a full disk), what was written is removed before the failure reaches
   * the caller.
   */
  @Override
  public Staged stage(RunKey key, int epoch, Snapshot snapshot, boolean permanent)
      throws IOException {
    return stage(key, epoch, Layout.publishedName(snapshot.iter(), epoch), snapshot, permanent);
  }

  @Override
  public Staged stageEnd(RunKey key, int epoch, Snapshot snapshot, boolean permanent)
      throws IOException {
    return stage(key, epoch, PublishedNames.end(snapshot.iter(), epoch), snapshot, permanent);
  }

  private Staged stage(RunKey key, int epoch, String name, Snapshot snapshot, boolean permanent)
      throws IOException {
    Path folder = staging(key, epoch, name);
    files.deleteTree(folder);
    files.makeFolders(folder);
    try {
      SnapshotFormat.Written written = format.write(folder, snapshot, epoch, permanent);
      files.syncFolder(layout.epoch(key, epoch));
      trace.reach("stage.done");
      return new Staged(
          key, epoch, snapshot.iter(), name, written.manifestSha256(), permanent, written.bytes());
    } catch (IOException | RuntimeException e) {
      try {
        files.deleteTree(folder);
      } catch (IOException removal) {
        e.addSuppressed(removal);
      }
      throw e;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>May be called again: a folder that already stands under the final name with the same
   * manifest is the one wanted (a rename whose reply was lost, or the same iteration staged twice
   * by one claim).
   */
  @Override
  public void settle(Staged staged) throws IOException {
    RunKey key = staged.key();
    Path from = staging(key, staged.epoch(), staged.name());
    Path to = layout.checkpoint(key, staged.name());
    makeCheckpointFolder(key);
    if (!stands(staged, to)) {
      // Of this claim and never published: a publish would name the same manifest.
      files.deleteTree(to);
      try {
        files.rename(from, to);
      } catch (IOException e) {
        if (!stands(staged, to)) {
          throw e;
        }
      }
    }
    files.deleteTree(from);
    files.syncFolder(layout.checkpoints(key));
    files.syncFolder(layout.epoch(key, staged.epoch()));
    trace.reach("settle.renamed");
  }

  private boolean stands(Staged staged, Path folder) throws IOException {
    return staged.manifestSha256().equals(format.manifestSha256(folder));
  }

  @Override
  public void abandon(RunKey key, int epoch) throws IOException {
    Path folder = layout.epoch(key, epoch);
    for (String name : list(folder)) {
      if (!Layout.isLogged(name)) {
        files.deleteTree(folder.resolve(name));
      }
    }
    if (list(folder).isEmpty()) {
      files.delete(folder);
    }
    if (list(layout.epochs(key)).isEmpty()) {
      files.delete(layout.epochs(key));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.sweeprunner.problem.UserError if a newer version of this program wrote it
   */
  @Override
  public Snapshot load(RunKey key, PublishedCheckpoint checkpoint)
      throws IOException, DamagedCheckpoint {
    Path folder = layout.checkpoint(key, checkpoint.name());
    Snapshot state = format.read(folder, checkpoint.manifestSha256());
    requireIteration(folder, checkpoint, state.iter());
    return state;
  }

  @Override
  public Optional<String> damage(RunKey key, PublishedCheckpoint checkpoint, boolean pruned)
      throws IOException {
    Path folder = layout.checkpoint(key, checkpoint.name());
    try {
      long iter = format.check(folder, checkpoint.manifestSha256(), pruned);
      requireIteration(folder, checkpoint, iter);
      return Optional.empty();
    } catch (DamagedCheckpoint damaged) {
      return Optional.of(String.valueOf(damaged.getMessage()));
    }
  }

  private static void requireIteration(Path folder, PublishedCheckpoint checkpoint, long iter)
      throws DamagedCheckpoint {
    if (iter != checkpoint.iter()) {
      throw new DamagedCheckpoint(
          folder + " holds iteration " + iter + ", not " + checkpoint.iter() + ".");
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>{@code published} is everything that the log ever published and a reset did not discard, in
   * any order; newest is the highest epoch, then the highest iteration, which is the log's order,
   * and the one that it stands on comes before any that was left for damage. An old permanent one
   * loses what its format calls droppable; the rest stays as it is.
   */
  @Override
  public void prune(RunKey key, int epoch, List<PublishedCheckpoint> published) throws IOException {
    trace.reach("prune.start");
    List<PublishedCheckpoint> newestFirst = Lineage.newestFirst(published);
    if (!newestFirst.isEmpty()) {
      pointLatest(key, epoch, newestFirst.get(0).name());
    }
    Set<String> kept = new HashSet<>();
    Set<Long> iterations = new HashSet<>();
    for (int i = 0; i < newestFirst.size(); i++) {
      PublishedCheckpoint checkpoint = newestFirst.get(i);
      // One that was left for damage and has been made again is of no use any more.
      boolean stays = iterations.add(checkpoint.iter()) && checkpoint.permanent();
      if (i < WHOLE || stays) {
        kept.add(checkpoint.name());
      }
      if (i >= WHOLE && stays) {
        for (String name : format.droppable()) {
          files.delete(layout.checkpoint(key, checkpoint.name()).resolve(name));
        }
      }
    }
    trace.reach("prune.half");
    Set<String> named = new HashSet<>();
    published.forEach(checkpoint -> named.add(checkpoint.name()));
    for (String name : list(layout.checkpoints(key))) {
      boolean old = named(name) && (named.contains(name) || epochOf(name) <= epoch);
      boolean temp = name.startsWith(FileSystem.TEMP_PREFIX); // of a death beside ckpt/latest
      if (temp || (old && !kept.contains(name))) {
        files.deleteTree(layout.checkpoint(key, name));
      }
    }
    removeStaging(key, epoch);
  }

  @Override
  public void clearStaging(RunKey key, int epoch) throws IOException {
    for (String earlier : list(layout.epochs(key))) {
      if (earlier.matches("\\d{1,9}") && Integer.parseInt(earlier) < epoch) {
        removeStaging(key, Integer.parseInt(earlier));
      }
    }
  }

  /** A worker that was frozen here must not turn the hint back to its own, older epoch. */
  private void pointLatest(RunKey key, int epoch, String name) throws IOException {
    boolean overtaken =
        names(layout.checkpoints(key)).stream().anyMatch(other -> epochOf(other) > epoch);
    if (!overtaken) {
      files.replaceLink(layout.latest(key), Path.of(name));
    }
  }

  private void removeStaging(RunKey key, int epoch) throws IOException {
    for (String name : names(layout.epoch(key, epoch))) {
      files.deleteTree(staging(key, epoch, name));
    }
  }

  private void makeCheckpointFolder(RunKey key) throws IOException {
    Path folder = layout.checkpoints(key);
    try {
      files.list(folder);
    } catch (NoSuchFileException e) {
      files.makeFolders(folder);
      files.syncFolder(layout.run(key));
    }
  }

  private Path staging(RunKey key, int epoch, String name) {
    return layout.epoch(key, epoch).resolve(name);
  }

  private List<String> names(Path folder) throws IOException {
    return list(folder).stream().filter(DiskCheckpoints::named).toList();
  }

  private List<String> list(Path folder) throws IOException {
    try {
      return files.list(folder);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Whether a folder of this name is a published checkpoint. */
  static boolean named(String name) {
    return NAME.matcher(name).matches();
  }

  private static int epochOf(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(name);
    }
    return Integer.parseInt(matcher.group(1));
  }
}
