package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run in this process's hands.
 *
 * <p>An append that the disk refuses throws {@link UncheckedIOException}: it may or may not have
 * happened, the claim stands and beats, and the same call may be made again; a success that was
 * hidden by the error is found then and not repeated. Appends come from one thread.
 */
final class HeldClaim implements Claim {
  private final ClaimSite site;
  private final RunKey key;
  private final LockFolder folder;
  private final Primitive primitive;
  private final Heartbeat heartbeat;
  private final OwnerLife life;
  private final int epoch;
  private final Map<String, EncodedRecord> tried = new LinkedHashMap<>();

  private volatile EncodedRecord last;
  private volatile boolean closed;
  private @Nullable List<PublishedCheckpoint> published;

  HeldClaim(
      ClaimSite site, RunKey key, Primitive primitive, EncodedRecord standing, OwnerLife life) {
    this.site = site;
    this.key = key;
    this.folder = site.folder(key);
    this.primitive = primitive;
    this.last = standing;
    this.epoch = standing.record().epoch();
    this.life = life;
    this.heartbeat =
        new Heartbeat(folder, site.files(), site.around().clock(), epoch, site.settings());
    this.published = epoch == 1 ? new ArrayList<>() : null; // nothing came before the first record
  }

  @Override
  public RunKey key() {
    return key;
  }

  @Override
  public int epoch() {
    return epoch;
  }

  @Override
  public LogSummary summary() {
    return last.record().summary();
  }

  @Override
  public synchronized List<PublishedCheckpoint> published() {
    if (published == null) {
      try {
        published = readPublished();
      } catch (NoSuchFileException e) {
        heartbeat.supersede();
        throw refused("its lock folder is gone", e);
      } catch (IOException e) {
        throw refused("the published checkpoints could not be read", e);
      }
    }
    return List.copyOf(published);
  }

  private List<PublishedCheckpoint> readPublished() throws IOException {
    List<PublishedCheckpoint> all = new ArrayList<>();
    for (int slot : folder.list().slots()) {
      try {
        LogRecord record = folder.read(slot).record();
        PublishedCheckpoint checkpoint = record.summary().checkpoint();
        if (record.type() == RecordType.PUBLISH && checkpoint != null) {
          all.add(checkpoint);
        }
      } catch (UnreadableRecord | NoSuchFileException e) {
        // A slot that says nothing names no checkpoint.
      }
    }
    return all;
  }

  @Override
  public void progress(long iter, String phase) {
    heartbeat.progress(iter, phase);
  }

  @Override
  public void onRenewal(Runnable told) {
    heartbeat.onRenewal(told);
  }

  @Override
  public Duration sinceRenewal() {
    return heartbeat.sinceRenewal();
  }

  @Override
  public boolean superseded() {
    return heartbeat.superseded();
  }

  @Override
  public boolean overtaken() {
    return heartbeat.overtaken();
  }

  @Override
  public synchronized boolean publish(PublishedCheckpoint checkpoint) {
    if (!append(RecordType.PUBLISH, LogRecord.Effect.NONE, f -> f.published(checkpoint))) {
      return false;
    }
    if (published != null) {
      published.add(checkpoint);
    }
    return true;
  }

  @Override
  public boolean release(ReleaseReason reason, String detail) {
    LogRecord.Effect effect = new LogRecord.Effect(reason, detail, null);
    return last(append(RecordType.RELEASE, effect, f -> f));
  }

  @Override
  public boolean fail(Failure failure) {
    LogRecord.Effect effect = LogRecord.Effect.of(failure.kind().name());
    return append(RecordType.FAIL, effect, f -> f.failed(failure));
  }

  @Override
  public boolean poison(String why) {
    return last(append(RecordType.POISON, LogRecord.Effect.of(why), f -> f));
  }

  @Override
  public boolean finish(Finish finish) {
    readBeforeCompaction();
    boolean won = append(RecordType.FINISH, new LogRecord.Effect(null, "", finish), f -> f);
    if (won) {
      site.around().trace().reach("finish.linked");
    }
    return last(won);
  }

  /** Whoever prunes after FINISH must not take a compacted log for one that never published. */
  private void readBeforeCompaction() {
    try {
      published();
    } catch (UncheckedIOException e) {
      if (!superseded()) {
        throw e;
      }
    }
  }

  /** Whatever the outcome, it was this claim's last word. */
  private boolean last(boolean won) {
    close();
    return won;
  }

  private synchronized boolean append(
      RecordType type, LogRecord.Effect effect, UnaryOperator<LogSummary> next) {
    if (closed) {
      throw new IllegalStateException(key.runId() + ": this claim was given up");
    }
    while (!heartbeat.overtaken()) {
      EncodedRecord encoded = site.next(last, type, effect, next.apply(summary()));
      tried.put(encoded.record().token(), encoded);
      heartbeat.reaching(encoded.record().slot());
      LockFolder.Appended appended = put(encoded);
      if (appended == null) {
        heartbeat.supersede();
        return false;
      }
      last = appended.encoded();
      tried.clear();
      if (appended.newest() > last.record().slot()) {
        heartbeat.supersede();
      }
      if (last.record().sameAs(encoded.record())) {
        return true;
      }
      // An earlier word of this claim had been heard after all; it may have been a publish.
      published = null;
    }
    return !tried.isEmpty() && heard(site.next(last, type, effect, next.apply(summary())));
  }

  /** Whether an earlier try of this word had reached the log before the run was taken over. */
  private boolean heard(EncodedRecord word) {
    try {
      EncodedRecord mine = folder.standing(word.record().slot(), tried);
      return mine != null
          && mine.record().sameAs(word.record())
          && folder.confirm(mine) != null; // a finished log may have been compacted under it
    } catch (NoSuchFileException gone) {
      return false;
    } catch (IOException e) {
      throw refused(record(word) + " may have been written, and cannot be read back", e);
    }
  }

  private LockFolder.@Nullable Appended put(EncodedRecord encoded) {
    try {
      return folder.append(primitive, encoded, tried);
    } catch (IOException e) {
      throw refused(record(encoded) + " could not be written", e);
    }
  }

  private static String record(EncodedRecord word) {
    return "the record '" + word.record().type().told() + "'";
  }

  private UncheckedIOException refused(String what, IOException e) {
    return new UncheckedIOException(key.runId() + ": " + what + ": " + Why.at(e), e);
  }

  /** One beat; from the beat thread. */
  void beat() {
    heartbeat.beat();
  }

  /** Whether another beat would be of use. */
  boolean beats() {
    return !closed && !heartbeat.superseded();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      heartbeat.close();
      life.leave(key, epoch);
    }
  }
}
