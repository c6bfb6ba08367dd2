package dev.sweeprunner.host;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Processes.Verdict;
import dev.sweeprunner.run.SlurmTask;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names for workers: stable over restarts, unique among live processes of a host.
 *
 * <p>Each name has numbered slots, and the highest slot names its holder. A name is taken by
 * creating the next slot, which one process only can do, after its holder is proved dead; whoever
 * then sees a higher slot than its own has lost. SIGKILL leaves the slot of a dead process behind,
 * which the next one takes over.
 *
 * <p>So that a name can be given up, there is one floor for all names, which only rises. The next
 * slot lies above it as well, and whoever then sees a floor that is not below its own slot has
 * lost. The highest slot of a name is removed only once the floor has reached it. So the higher of
 * the two never falls: no two can both be highest, and no number that was removed is ever held
 * again, however late somebody removes what it saw long ago. Any thread.
 */
public final class WorkerNames {
  private static final int MOST = 10_000;

  private final FileSystem files;
  private final Layout layout;
  private final ThisProcess self;
  private final @Nullable SlurmTask slurm;
  private final Processes processes;

  /** A floor that there was: it has not fallen since. */
  private volatile int reached;

  /** Names of the workers of one storage root, for this process. */
  public WorkerNames(
      FileSystem files,
      Layout layout,
      ThisProcess self,
      @Nullable SlurmTask slurm,
      Processes processes) {
    this.files = files;
    this.layout = layout;
    this.self = self;
    this.slurm = slurm;
    this.processes = processes;
  }

  /**
   * The name that is wanted, or one like it; where none is, the host's.
   *
   * @throws UserError if the storage root takes none
   */
  public String take(String wanted, Pause pause) {
    try {
      return pause.retrying(() -> wanted.isEmpty() ? ofHost() : like(wanted));
    } catch (IOException e) {
      throw new UserError(
          layout.workers().toString(),
          "no worker name can be taken: " + Why.at(e),
          "Make the storage root writable",
          e);
    }
  }

  /** {@code {host}-{k}} with the smallest k that no process has that may be alive. */
  public String ofHost() throws IOException {
    clearTemps();
    return first(slug(self.host()), 1, false);
  }

  /**
   * {@code wanted}, or {@code wanted-2} and so on if a process that is proved alive has it. A
   * holder of unknown life does not count: a task may have been requeued to another node.
   */
  public String like(String wanted) throws IOException {
    clearTemps();
    var name = slug(wanted);
    return take(name, true) ? name : first(name, 2, true);
  }

  /**
   * Processes that were killed may have left files in the making. One of a live process may be
   * among them: then it writes its report or its name again.
   */
  private void clearTemps() throws IOException {
    files.makeFolders(layout.workers());
    for (var entry : files.list(layout.workers())) {
      if (entry.startsWith(FileSystem.TEMP_PREFIX)) {
        files.delete(layout.workers().resolve(entry));
      }
    }
  }

  private String first(String base, int from, boolean unknownIsFree) throws IOException {
    for (int k = from; k < MOST; k++) {
      if (take(base + "-" + k, unknownIsFree)) {
        return base + "-" + k;
      }
    }
    throw new IOException("the names " + base + "-" + from + " and on are all taken");
  }

  private boolean take(String name, boolean unknownIsFree) throws IOException {
    while (true) {
      var before = heights(name);
      if (before.slot > 0) {
        var holder = owned(name).owner(layout.workerName(name, before.slot));
        if (holder.isPresent() && isSelf(holder.get())) {
          return true;
        }
        if (!free(holder, unknownIsFree)) {
          return false;
        }
      }
      int mine = Math.max(before.slot, before.floor) + 1;
      if (owned(name).make(layout.workerName(name, mine))) {
        var now = heights(name);
        if (now.slot == mine && now.floor < mine) {
          forget(name, mine);
          return true;
        }
        files.delete(layout.workerName(name, mine));
      }
    }
  }

  /** What workers left that are gone, as the one of this name sees them. */
  public StaleWorkers stale(String own) {
    return new StaleWorkers(files, layout, this, own, self);
  }

  /**
   * Gives up a name that this process holds, where it is that of a Slurm task: other names come
   * back.
   *
   * @return whether it was given up
   */
  boolean leave(String name) throws IOException {
    int slot = heights(name).slot;
    if (slurm == null || slot == 0 || !owned(name).isOwn(layout.workerName(name, slot))) {
      return false;
    }
    raise(slot);
    files.delete(layout.workerName(name, slot));
    return true;
  }

  /**
   * Gives up the name of a worker that is gone, though no process table may prove it.
   *
   * @param slots all that it has, as they were listed
   * @return false if one of them is that of a process that is proven alive
   */
  boolean retire(String name, List<Integer> slots) throws IOException {
    for (int slot : slots) {
      var holder = owned(name).owner(layout.workerName(name, slot));
      if (holder.isPresent() && processes.judge(holder.get()) == Verdict.ALIVE) {
        return false;
      }
    }
    for (int slot : slots) {
      raise(slot);
      files.delete(layout.workerName(name, slot));
    }
    return true;
  }

  /** Durable before anything is removed. */
  private void raise(int least) throws IOException {
    if (reached >= least) {
      return;
    }
    if (floor(files.list(layout.workers())) < least) {
      try {
        files.take(layout.nameFloor(least), new byte[0]);
      } catch (FileAlreadyExistsException another) {
        // It has risen there.
      }
      files.syncFolder(layout.workers());
    }
    reached = least;
    lowerFloors();
  }

  private void lowerFloors() throws IOException {
    var entries = files.list(layout.workers());
    int highest = floor(entries);
    for (var entry : entries) {
      int floor = numberAfter(Layout.FLOOR, entry);
      if (floor > 0 && floor < highest) {
        files.delete(layout.nameFloor(floor));
      }
    }
  }

  private boolean free(Optional<Owner> holder, boolean unknownIsFree) {
    var verdict = holder.map(processes::judge).orElse(Verdict.UNKNOWN);
    if (verdict != Verdict.UNKNOWN) {
      return verdict == Verdict.GONE;
    }
    return unknownIsFree || holder.map(this::isEarlierLifeOfThisTask).orElse(false);
  }

  private boolean isEarlierLifeOfThisTask(Owner holder) {
    return slurm != null
        && holder.slurm() != null
        && slurm.display().equals(holder.slurm().display())
        && slurm.restartCount() > holder.slurm().restartCount();
  }

  private boolean isSelf(Owner holder) {
    return self.incarnation().equals(holder.incarnation());
  }

  private OwnedFiles owned(String name) {
    return new OwnedFiles(files, self.owner(name, "", "", slurm));
  }

  /** Of two listings: one alone may miss both what was made meanwhile and what was removed then. */
  private Heights heights(String name) throws IOException {
    var entries = new ArrayList<>(files.list(layout.workers()));
    entries.addAll(files.list(layout.workers()));
    int slot = 0;
    for (var entry : entries) {
      slot = Math.max(slot, numberAfter(name + Layout.NAME_MARK, entry));
    }
    return new Heights(slot, floor(entries));
  }

  private static int floor(List<String> entries) {
    int floor = 0;
    for (var entry : entries) {
      floor = Math.max(floor, numberAfter(Layout.FLOOR, entry));
    }
    return floor;
  }

  private static int numberAfter(String prefix, String entry) {
    if (!entry.startsWith(prefix) || !entry.substring(prefix.length()).matches("[0-9]{8}")) {
      return 0;
    }
    return Integer.parseInt(entry.substring(prefix.length()));
  }

  private void forget(String name, int below) throws IOException {
    for (var entry : files.list(layout.workers())) {
      int slot = numberAfter(name + Layout.NAME_MARK, entry);
      if (slot > 0 && slot < below) {
        files.delete(layout.workers().resolve(entry));
      }
    }
  }

  private static String slug(String name) {
    var slug = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[.-]+", "");
    return slug.isEmpty() ? "worker" : slug.substring(0, Math.min(slug.length(), 80));
  }

  /**
   * What was seen of a name.
   *
   * @param slot the highest, or 0
   * @param floor of all names, or 0
   */
  private record Heights(int slot, int floor) {}
}
