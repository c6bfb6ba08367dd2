package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.Processes.Verdict;
import dev.sweeprunner.run.RecordType;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the process table's word on an owner is worth.
 *
 * <p>It is believed at once, but not twice in a row: of a claim that was itself a takeover and has
 * beaten once only, the beat must stand still for two beats first. If it moves, what the table says
 * is of another process, whatever the reason, and this owner is watched like any other. So owners
 * that live and are proven dead cannot take a run from each other again and again. Any thread.
 */
final class Proof {
  private static final int DOUBTED_BEATS = 2;

  /** A claim beats once when it is made; the second beat says that it has stood for one. */
  private static final int LIVED = 2;

  private final ClaimSite site;
  private final Map<RunKey, Integer> doubted = new ConcurrentHashMap<>();

  Proof(ClaimSite site) {
    this.site = site;
  }

  /**
   * The table's word on the owner of a log's end.
   *
   * @param beat its newest, or null
   * @param idle nanoseconds that it was watched standing still
   */
  Word word(RunKey key, LogRecord end, @Nullable BeatText beat, long idle) {
    Verdict verdict = site.around().processes().judge(end.owner());
    if (verdict != Verdict.GONE) {
      return new Word(verdict, "");
    }
    if (end.takesOver() && !lived(beat)) {
      if (idle < longest().toNanos()) {
        doubted.put(key, end.epoch());
        return new Word(Verdict.UNKNOWN, doubts(end));
      }
    } else if (Integer.valueOf(end.epoch()).equals(doubted.get(key))) {
      return new Word(Verdict.UNKNOWN, "");
    }
    return new Word(verdict, "");
  }

  /**
   * Whether a dead owner had the time to come forward, so that its death says something of its run.
   * One that was dead at once is no evidence, unless Slurm itself has ended its job.
   */
  boolean hadItsChance(LogRecord end, Liveness owner, LockFolder folder) {
    if (!owner.dead() || owner.watched().compareTo(site.settings().beat()) >= 0) {
      return owner.dead();
    }
    boolean bySlurm = site.around().processes().judge(end.owner()) != Verdict.GONE;
    if (bySlurm || owner.kind() == Liveness.Kind.EXPIRED) {
      return true;
    }
    try {
      return end.type() != RecordType.CLAIM
          || lived(BeatText.read(site.files(), folder.beat(end.epoch())));
    } catch (IOException unknown) {
      return false;
    }
  }

  /** The log has another owner now, or none. */
  void forget(RunKey key) {
    doubted.remove(key);
  }

  private Duration longest() {
    return site.settings().beat().multipliedBy(DOUBTED_BEATS);
  }

  private String doubts(LogRecord end) {
    return gone(end)
        + ", as the owner before it was; believed after "
        + longest().toSeconds()
        + " s without a beat";
  }

  static String gone(LogRecord end) {
    return "pid " + end.owner().pid() + " on " + end.owner().host() + " is gone";
  }

  private static boolean lived(@Nullable BeatText beat) {
    return beat != null && beat.count() >= LIVED;
  }

  /**
   * What to make of the process table.
   *
   * @param verdict as far as it is believed
   * @param doubt why a proof of death is not believed yet, or empty
   */
  record Word(Verdict verdict, String doubt) {}
}
