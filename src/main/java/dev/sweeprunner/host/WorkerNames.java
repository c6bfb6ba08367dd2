package dev.sweeprunner.host;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.OwnerForm;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Processes.Verdict;
import dev.sweeprunner.run.SlurmTask;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names for workers: stable over restarts, unique among live processes of a host.
 *
 * <p>Each name has numbered slots, and the highest slot names its holder. A name is taken by
 * creating the next slot, which one process only can do, after its holder is proved dead; whoever
 * then sees a higher slot than its own has lost. The highest slot is never removed, so no two can
 * both be highest. SIGKILL leaves the slot of a dead process behind, which the next one takes over.
 * Any thread.
 */
public final class WorkerNames {
  private static final int MOST = 10_000;

  private final FileSystem files;
  private final Layout layout;
  private final ThisProcess self;
  private final @Nullable SlurmTask slurm;
  private final Processes processes;

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
    int highest = highest(name);
    while (true) {
      if (highest > 0) {
        var holder = holder(layout.workerName(name, highest));
        if (holder.isPresent() && isSelf(holder.get())) {
          return true;
        }
        if (!free(holder, unknownIsFree)) {
          return false;
        }
      }
      boolean created = create(name, highest + 1);
      int now = highest(name);
      if (created && now == highest + 1) {
        forget(name, now);
        return true;
      }
      highest = now;
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

  private boolean create(String name, int slot) throws IOException {
    var owner = self.owner(name, "", "", slurm);
    var content = Json.bytes(OwnerForm.NAME.members(owner));
    var file = layout.workerName(name, slot);
    var ready = layout.workers().resolve(FileSystem.TEMP_PREFIX + self.incarnation());
    files.delete(ready);
    files.create(ready, content);
    try {
      files.link(file, ready);
      return true;
    } catch (FileAlreadyExistsException taken) {
      // Also the answer where a network file system lost the reply to a link that was made.
      return holder(file).map(this::isSelf).orElse(false);
    } catch (IOException noLinks) {
      return createWithoutLinks(file, content);
    } finally {
      files.delete(ready);
    }
  }

  private boolean createWithoutLinks(Path file, byte[] content) throws IOException {
    try {
      files.take(file, content);
      return true;
    } catch (FileAlreadyExistsException taken) {
      return holder(file).map(this::isSelf).orElse(false);
    }
  }

  private Optional<Owner> holder(Path file) throws IOException {
    try {
      return Optional.of(OwnerForm.NAME.owner(Fields.of(files.read(file))));
    } catch (NoSuchFileException | UnreadableJson unreadable) {
      return Optional.empty();
    }
  }

  private int highest(String name) throws IOException {
    int highest = 0;
    for (var entry : files.list(layout.workers())) {
      highest = Math.max(highest, slot(entry, name));
    }
    return highest;
  }

  private static int slot(String entry, String name) {
    var prefix = name + Layout.NAME_MARK;
    if (!entry.startsWith(prefix) || !entry.substring(prefix.length()).matches("[0-9]{8}")) {
      return 0;
    }
    return Integer.parseInt(entry.substring(prefix.length()));
  }

  private void forget(String name, int below) throws IOException {
    for (var entry : files.list(layout.workers())) {
      int slot = slot(entry, name);
      if (slot > 0 && slot < below) {
        files.delete(layout.workers().resolve(entry));
      }
    }
  }

  private static String slug(String name) {
    var slug = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[.-]+", "");
    return slug.isEmpty() ? "worker" : slug.substring(0, Math.min(slug.length(), 80));
  }
}
