package dev.sweeprunner.program.state;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a program works in. In mode shared one for the run, {@code work/}, that is never
 * removed; in mode copy one for each claim, {@code epochs/{epoch}/work/}, made from the published
 * state. Belongs to one thread.
 */
public final class WorkFolders {
  private static final String STILL = "found";

  private final FileSystem files;
  private final Layout layout;

  /** Below a storage root. */
  public WorkFolders(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  /** Where a claim's program works. */
  public Path of(RunKey key, int epoch, Mode mode) {
    return mode == Mode.SHARED ? layout.work(key) : layout.work(key, epoch);
  }

  /** Mode copy: where a claim keeps the folder as it was when a checkpoint was found in it. */
  public Path still(RunKey key, int epoch) {
    return layout.epoch(key, epoch).resolve(STILL);
  }

  /**
   * Mode copy: makes the claim's folder anew, with the published state in it, and removes those of
   * earlier claims, of which nothing is needed any more. May be called again with an earlier state.
   * A kill leaves a part of a folder that no later claim looks at.
   *
   * @param base what {@code Checkpoints.load} gave, or null to start with an empty folder
   */
  public Path renew(RunKey key, int epoch, @Nullable ProgramState base) throws IOException {
    Path work = of(key, epoch, Mode.COPY);
    files.deleteTree(work);
    removeEarlier(key, epoch);
    if (base == null) {
      files.makeFolders(work);
    } else {
      // What was published in mode shared lies where all claims work.
      Path from = base.folder() == null ? of(key, epoch, Mode.SHARED) : base.folder();
      new FolderCopy(files, ProgramFormat.CP).copy(from, work, name -> false);
    }
    return work;
  }

  private void removeEarlier(RunKey key, int epoch) throws IOException {
    try {
      for (String earlier : files.list(layout.epochs(key))) {
        if (earlier.matches("\\d{1,9}") && Integer.parseInt(earlier) < epoch) {
          removeQuietly(of(key, Integer.parseInt(earlier), Mode.COPY));
          removeQuietly(still(key, Integer.parseInt(earlier)));
        }
      }
    } catch (NoSuchFileException e) {
      // the run's first claim
    }
  }

  /** A fenced program may still write there; what stays goes after FINISH. */
  private void removeQuietly(Path work) {
    try {
      files.deleteTree(work);
    } catch (IOException e) {
      // see above
    }
  }
}
