package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.Obstacle;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.RecordType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Claims in a directory that all workers of a cluster share: one append-only log per run, whose
 * next slot only one process can take.
 *
 * <p>One instance per process; any thread may call it. Safety rests on the slots alone: clocks,
 * beats and hints only decide when somebody tries.
 */
public final class DirectoryClaims implements Claims {
  private static final int ROUNDS = 5;

  private final ClaimSite site;
  private final LockFormat format;
  private final OwnerLife life;
  private final Janitor janitor;
  private final EarlierRunner earlier;
  private final Rights rights;
  private final Consumer<HeldClaim> beats;

  /**
   * Touches nothing yet.
   *
   * @param owner this process; its incarnation must be unique
   */
  public DirectoryClaims(
      Layout layout, FileSystem files, Owner owner, ClaimSettings settings, ClaimPorts ports) {
    this(
        new ClaimSite(layout, files, owner, settings, ports),
        new BeatThread(settings.beat(), owner.incarnation().hashCode())::start);
  }

  /** With a word in who beats, and when. */
  DirectoryClaims(ClaimSite site, Consumer<HeldClaim> beats) {
    this.site = site;
    this.format = new LockFormat(site.layout(), site.files());
    this.life = new OwnerLife(site);
    this.janitor = new Janitor(site);
    this.earlier = new EarlierRunner(site.layout(), site.files());
    this.rights = new Rights(site);
    this.beats = beats;
  }

  @Override
  public Listing list(String project) {
    Path folder = site.layout().locks(project);
    LockNames names;
    try {
      names = site.around().pause().retrying(() -> names(project, folder));
    } catch (IOException e) {
      throw LockFolder.unusable(folder, e);
    }
    life.forget(project, names.ended());
    if (site.settings().mends()) {
      janitor.unhint(folder, names.stale());
      janitor.sweep(folder, names.temps());
    }
    return new Listing(names.ended(), names.locked());
  }

  private LockNames names(String project, Path folder) throws IOException {
    LockNames names;
    try {
      names = LockNames.of(site.files().list(folder));
    } catch (NoSuchFileException e) {
      return LockNames.of(List.of());
    }
    format.read(project);
    return names;
  }

  @Override
  public ClaimState look(RunKey key) {
    LockFolder folder = site.folder(key);
    try {
      format.read(key.project());
      return lookAgain(key, folder);
    } catch (NotDirectoryException e) {
      return new ClaimState.Foreign(folder.path() + " is not a folder");
    } catch (IOException e) {
      return new ClaimState.Unreadable(folder.path() + " cannot be read: " + Why.of(e));
    } catch (UnreadableRecord | UserError e) {
      return new ClaimState.Unreadable(folder.path() + ": " + e.getMessage());
    }
  }

  @Override
  public boolean stillHeld(RunKey key) {
    return life.stillHeld(key);
  }

  @Override
  public boolean beatsInTime(RunKey key) {
    return life.beatsInTime(key);
  }

  /** A record that vanishes between listing and reading was compacted: a newer one stands there. */
  private ClaimState lookAgain(RunKey key, LockFolder folder) throws IOException, UnreadableRecord {
    for (int round = 1; round < ROUNDS; round++) {
      try {
        return lookInto(key, folder);
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    return lookInto(key, folder);
  }

  private ClaimState lookInto(RunKey key, LockFolder folder) throws IOException, UnreadableRecord {
    Contents contents = folder.listIfThere();
    if (contents == null || contents.slots().isEmpty()) {
      return withoutLog(key, folder, contents);
    }
    EncodedRecord end = folder.newest(contents);
    RecordType type = end.record().type();
    if (type != RecordType.FINISH) {
      String resumed = earlier.resumeLock(key);
      if (resumed != null) {
        return new ClaimState.Foreign(resumed);
      }
    }
    if (site.settings().mends()) {
      mend(key, folder, contents, end.record());
    }
    if (!end.record().held()) {
      life.forget(key);
      return new ClaimState.Logged(end.record().end(), null);
    }
    return new ClaimState.Logged(end.record().end(), life.judge(key, end, folder, contents));
  }

  private ClaimState withoutLog(RunKey key, LockFolder folder, @Nullable Contents contents)
      throws IOException {
    String foreign = earlier.resumeLock(key);
    if (foreign == null && contents != null) {
      foreign = EarlierRunner.strangers(contents);
    }
    if (foreign != null) {
      return new ClaimState.Foreign(foreign);
    }
    if (contents == null) {
      return new ClaimState.Unclaimed();
    }
    if (site.settings().mends()) {
      janitor.sweep(folder.path(), contents.temps());
    }
    return new ClaimState.Empty(life.stayedEmpty(key, contents));
  }

  private void mend(RunKey key, LockFolder folder, Contents contents, LogRecord end) {
    if (end.type() == RecordType.RESET) {
      janitor.open(key);
    }
    janitor.sweep(folder.path(), contents.temps());
  }

  /**
   * {@inheritDoc}
   *
   * @throws UserError if the log belongs to another config with the same id
   * @throws UncheckedIOException if the disk refuses; should the claim stand all the same, the next
   *     look says that this worker gave it up
   */
  @Override
  public Optional<Claim> claim(RunKey key, String configSha256, ClaimState basis) {
    LockFolder folder = site.folder(key);
    try {
      Primitive primitive = site.around().pause().retrying(() -> format.readOrMark(key.project()));
      EncodedRecord encoded = encoded(key, folder, configSha256, basis);
      if (encoded == null) {
        return Optional.empty();
      }
      int slot = encoded.record().slot();
      life.leave(key, slot);
      LockFolder.Appended appended =
          folder.append(primitive, encoded, Map.of(encoded.record().token(), encoded));
      if (appended == null || appended.newest() > slot) {
        return Optional.empty();
      }
      site.around().trace().reach("claim.linked");
      return Optional.of(begin(key, primitive, appended.encoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          key.runId() + ": the claim could not be written: " + Why.at(e), e);
    } catch (UnreadableRecord e) {
      throw LockFolder.unusable(folder.path(), e);
    }
  }

  private @Nullable EncodedRecord encoded(
      RunKey key, LockFolder folder, String configSha256, ClaimState basis)
      throws IOException, UnreadableRecord {
    if (!(basis instanceof ClaimState.Logged logged)) {
      return firstAttempt(key, folder, configSha256, basis);
    }
    RecordType judged = logged.end().type();
    if (judged == RecordType.FINISH || judged == RecordType.POISON) {
      throw new IllegalArgumentException(folder.path() + " has ended with " + judged);
    }
    Contents contents = folder.listIfThere();
    if (contents == null || contents.newest() != logged.end().slot()) {
      return null;
    }
    EncodedRecord before;
    try {
      before = folder.newest(contents);
    } catch (NoSuchFileException e) {
      return null;
    }
    LogRecord end = before.record();
    if (!end.end().equals(logged.end())) {
      return null; // compacted and written late, or filled only now: not what was judged
    }
    if (!end.configSha256().isEmpty() && !end.configSha256().equals(configSha256)) {
      throw new UserError(
          folder.path().toString(),
          "this run id belongs to another config, with SHA-256 " + end.configSha256(),
          "Change the sweep so that the ids differ, for example by its seed");
    }
    Liveness owner = logged.owner();
    String how = owner == null ? "" : "over " + end.owner().worker() + ": " + owner.how();
    LogSummary summary = end.summary().claimed(life.counts(key, end, owner, folder));
    return site.claim(end.slot() + 1, before.sha256(), configSha256, how, summary);
  }

  private @Nullable EncodedRecord firstAttempt(
      RunKey key, LockFolder folder, String configSha256, ClaimState basis) throws IOException {
    if (basis instanceof ClaimState.Foreign || basis instanceof ClaimState.Unreadable) {
      throw new IllegalArgumentException(folder.path() + " is not to be claimed: " + basis);
    }
    if (basis instanceof ClaimState.Unclaimed) {
      site.files().makeFolders(folder.path());
      site.files().syncFolder(site.layout().locks(key.project()));
    }
    Contents contents = folder.listIfThere();
    if (contents == null || contents.newest() > 0 || !contents.strangers().isEmpty()) {
      return null;
    }
    return site.claim(1, "", configSha256, "", LogSummary.EMPTY.claimed(false));
  }

  private HeldClaim begin(RunKey key, Primitive primitive, EncodedRecord standing) {
    HeldClaim claim = new HeldClaim(site, key, primitive, standing, life);
    life.hold(key, claim.epoch());
    claim.beat();
    site.around().trace().reach("claim.beating");
    beats.accept(claim);
    return claim;
  }

  @Override
  public void conclude(RunKey key) {
    LockFolder folder = site.folder(key);
    try {
      Contents contents = folder.listIfThere();
      if (contents == null || contents.slots().isEmpty()) {
        return;
      }
      LogRecord end = folder.newest(contents).record();
      if (end.type() == RecordType.FINISH) {
        janitor.finished(key, folder, contents, site.around().trace());
      } else if (end.type() == RecordType.POISON) {
        janitor.poisoned(key, folder, end.slot());
      }
    } catch (IOException | UnreadableRecord e) {
      // Without the hint the next worker that passes by comes here again.
    }
  }

  @Override
  public Optional<LogEnd> reset(RunKey key) {
    return new Reset(site, format, life, janitor).of(key);
  }

  @Override
  public @Nullable Obstacle obstacle(RunKey key, ClaimState state) {
    return rights.obstacle(key, state);
  }

  @Override
  public boolean usable(String project) {
    return rights.usable(project);
  }

  @Override
  public EarlierTraces earlier(RunKey key, @Nullable Goal goal) {
    return earlier.of(key, goal);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UserError if the folder cannot be read
   */
  @Override
  public List<LogEnd> history(RunKey key) {
    LockFolder folder = site.folder(key);
    List<LogEnd> history = new ArrayList<>();
    try {
      Contents contents = folder.listIfThere();
      for (int slot : contents == null ? List.<Integer>of() : contents.slots()) {
        try {
          history.add(folder.read(slot).record().end());
        } catch (UnreadableRecord e) {
          history.add(LogRecord.unknown(slot, null).end());
        } catch (NoSuchFileException e) {
          // Compaction took it meanwhile.
        }
      }
      return history;
    } catch (NotDirectoryException e) {
      return history; // another program's lock: look says so
    } catch (IOException e) {
      throw LockFolder.unusable(folder.path(), e);
    }
  }

  @Override
  public List<Finding> findings() {
    return life.findings();
  }
}
