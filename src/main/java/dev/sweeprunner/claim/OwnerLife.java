package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a claim's owner lives, as far as this process can say.
 *
 * <p>Death is proven by the process table or judged by watching the beat; that a process is proven
 * to run only spares nothing: a hung owner loses its claim all the same. No other host's clock is
 * ever compared. Any thread may call it.
 */
final class OwnerLife {
  private static final int LIVELY_BEATS = 3;

  /** Beats are jittered by a fifth. */
  private static final double BEATS_IN_TIME = 1.5;

  private final ClaimSite site;
  private final Watch<RunKey> watch;
  private final Proof proof;
  private final Map<RunKey, Integer> left = new ConcurrentHashMap<>();
  private final Map<RunKey, Integer> mine = new ConcurrentHashMap<>();
  private final Map<RunKey, Held> held = new ConcurrentHashMap<>();

  OwnerLife(ClaimSite site) {
    this.site = site;
    this.watch = new Watch<>(site.settings().poll());
    this.proof = new Proof(site);
  }

  /** This process works on the claim. */
  void hold(RunKey key, int epoch) {
    forget(key);
    left.remove(key);
    mine.put(key, epoch);
  }

  /** This process gave the claim up, perhaps without a word in its log. */
  void leave(RunKey key, int epoch) {
    mine.remove(key, epoch);
    left.put(key, epoch);
  }

  /** The log has no owner now. */
  void forget(RunKey key) {
    watch.forget(key);
    proof.forget(key);
    held.remove(key);
  }

  /** These runs of a project have ended. */
  void forget(String project, Set<String> ended) {
    Predicate<RunKey> over = key -> key.project().equals(project) && ended.contains(key.runId());
    watch.forgetIf(over);
    held.keySet().removeIf(over);
  }

  /** Whether a lock folder without records stayed as it is for the expiry time. */
  boolean stayedEmpty(RunKey key, Contents contents) {
    String seen = String.join(" ", contents.temps());
    Watch.Sight sight = watch.saw(key, 0, seen, site.around().clock().nanos());
    return watchedDead(sight) || foundDead(key, 0, seen);
  }

  /** What this process has watched dead, without proof. */
  List<Claims.Finding> findings() {
    return watch.expired(site.settings().expiry()).entrySet().stream()
        .map(
            watched ->
                new Claims.Finding(
                    watched.getKey().project(),
                    watched.getKey().runId(),
                    watched.getValue().slot(),
                    watched.getValue().beat()))
        .toList();
  }

  /** Judges the owner of a log that ends in a CLAIM or PUBLISH. */
  Liveness judge(RunKey key, EncodedRecord end, LockFolder folder, Contents contents) {
    LogRecord record = end.record();
    if (isEpoch(mine, key, record)) {
      return new Liveness(Liveness.Kind.LIVE, "held by this worker", null, Duration.ZERO, -1, "");
    }
    Held known = held.remove(key);
    Glance glance;
    try {
      glance = glance(end, folder, contents);
    } catch (IOException e) {
      return unseen(key, record, e);
    }
    if (known != null && known.moved && known.modified.equals(glance.modified)) {
      watch.movedTo(key, glance.seen);
    }
    Watch.Sight sight = watch.saw(key, record.slot(), glance.seen, site.around().clock().nanos());
    Liveness life = verdict(key, record, glance, sight);
    if (!life.dead() && glance.modified != null && !record.end().unreadable()) {
      boolean inTime = life.kind() == Liveness.Kind.LIVE && sight.idle() < inTime();
      Path beat = folder.beat(record.epoch());
      held.put(key, new Held(record, beat, glance.modified, false, inTime));
    }
    return life;
  }

  /**
   * Whether a claim that was looked at before has beaten since; then its owner lived, and had not
   * given it up, between the two. A time out of a network file system's memory is an older one, so
   * that at worst nothing is seen to change, and a look is made.
   */
  boolean stillHeld(RunKey key) {
    Held known = held.get(key);
    if (known == null || gone(known.record)) {
      return false;
    }
    try {
      Instant modified = site.files().modified(known.beat);
      Held now = new Held(known.record, known.beat, modified, true, true);
      if (modified.equals(known.modified) || !held.replace(key, known, now)) {
        return false;
      }
    } catch (IOException unknown) {
      return false;
    }
    watch.moved(key, known.record.slot(), site.around().clock().nanos());
    return true;
  }

  /** Whether the owner was last seen to beat as often as it should. */
  boolean beatsInTime(RunKey key) {
    Held known = held.get(key);
    return known != null && known.inTime;
  }

  private long inTime() {
    return (long) (site.settings().beat().toNanos() * BEATS_IN_TIME);
  }

  private Liveness verdict(RunKey key, LogRecord record, Glance glance, Watch.Sight sight) {
    Proof.Word word = proof.word(key, record, glance.beat, sight.idle());
    Processes.Verdict process = word.verdict();
    String watched = words(Duration.ofNanos(sight.idle()));
    if (isEpoch(left, key, record)) {
      return glance.life(Liveness.Kind.PROVEN_DEAD, "this worker gave it up", sight);
    }
    if (process == Processes.Verdict.GONE) {
      return glance.life(Liveness.Kind.PROVEN_DEAD, Proof.gone(record), sight);
    }
    if (watchedDead(sight)) {
      return glance.life(
          Liveness.Kind.EXPIRED, "its beat stood still for " + watched + " of watching", sight);
    }
    if (foundDead(key, record.slot(), glance.seen)) {
      return glance.life(
          Liveness.Kind.EXPIRED, "another worker watched its beat stand still", sight);
    }
    if (process == Processes.Verdict.ALIVE) {
      return glance.life(
          Liveness.Kind.LIVE, "pid " + record.owner().pid() + " runs on this machine", sight);
    }
    Duration lively = site.settings().beat().multipliedBy(LIVELY_BEATS);
    if (sight.changed() && sight.idle() < lively.toNanos()) {
      return glance.life(Liveness.Kind.LIVE, "its beat changed " + watched + " ago", sight);
    }
    String silent = "its beat has not changed in " + watched + " of watching";
    return glance.life(Liveness.Kind.SILENT, word.doubt().isEmpty() ? silent : word.doubt(), sight);
  }

  /** A failed read is no evidence of anything, except where the process itself is gone. */
  private Liveness unseen(RunKey key, LogRecord record, IOException e) {
    Watch.Sight last = watch.last(key, record.slot());
    Duration watched = Duration.ofNanos(last == null ? 0 : last.idle());
    if (gone(record)) {
      return new Liveness(Liveness.Kind.PROVEN_DEAD, Proof.gone(record), null, watched, -1, "");
    }
    return new Liveness(
        Liveness.Kind.SILENT, "its beat could not be read: " + Why.at(e), null, watched, -1, "");
  }

  private boolean gone(LogRecord record) {
    return site.around().processes().judge(record.owner()) == Processes.Verdict.GONE;
  }

  /** Whether the death of this owner counts against its run, at a takeover. */
  boolean counts(RunKey key, LogRecord end, @Nullable Liveness owner, LockFolder folder) {
    return owner != null && !isEpoch(left, key, end) && proof.hadItsChance(end, owner, folder);
  }

  private boolean isEpoch(Map<RunKey, Integer> epochs, RunKey key, LogRecord record) {
    Integer epoch = epochs.get(key);
    return epoch != null
        && epoch == record.epoch()
        && record.owner().incarnation().equals(site.owner().incarnation());
  }

  private boolean watchedDead(Watch.Sight sight) {
    return sight.idle() >= site.settings().expiry().toNanos();
  }

  /** Counts only while what the other worker watched is exactly what stands there now. */
  private boolean foundDead(RunKey key, int slot, String seen) {
    return site.around()
        .findings()
        .get()
        .contains(new Claims.Finding(key.project(), key.runId(), slot, seen));
  }

  private Glance glance(EncodedRecord end, LockFolder folder, Contents contents)
      throws IOException {
    String mark = end.record().end().unreadable() ? end.sha256() : "";
    String name = beatOf(end.record(), contents);
    if (!contents.beats().contains(name)) {
      return new Glance(mark, null, null, null);
    }
    Path beat = folder.path().resolve(name);
    String content = new String(site.files().read(beat), StandardCharsets.UTF_8).strip();
    Instant modified = site.files().modified(beat);
    Duration silent = Duration.between(modified, site.around().clock().now());
    return new Glance(
        mark + content + " @" + modified.toEpochMilli(),
        BeatText.parse(content),
        modified,
        silent.isNegative() ? Duration.ZERO : silent);
  }

  /** Of a record that does not say its epoch: the newest that is there. */
  private static String beatOf(LogRecord record, Contents contents) {
    return record.end().unreadable()
        ? contents.beats().stream().max(Comparator.naturalOrder()).orElse("")
        : Contents.beatName(record.epoch());
  }

  private static String words(Duration time) {
    long seconds = time.toSeconds();
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  /**
   * What was read of a beat.
   *
   * @param seen everything whose change is a sign of life
   * @param beat its content, or null without a beat
   * @param modified the time of its file, or null without one
   * @param silentByFileTime for display
   */
  private record Glance(
      String seen,
      @Nullable BeatText beat,
      @Nullable Instant modified,
      @Nullable Duration silentByFileTime) {
    Liveness life(Liveness.Kind kind, String how, Watch.Sight sight) {
      return new Liveness(
          kind,
          how,
          silentByFileTime,
          Duration.ofNanos(sight.idle()),
          beat == null ? -1 : beat.iter(),
          beat == null ? "" : beat.phase());
    }
  }

  /**
   * A claim that a look found held.
   *
   * @param modified the time of its beat when it was last seen
   * @param moved whether that was by {@link #stillHeld}, so that the beat's content is not known
   * @param inTime whether it beats as often as it should
   */
  private record Held(
      LogRecord record, Path beat, Instant modified, boolean moved, boolean inTime) {}
}
