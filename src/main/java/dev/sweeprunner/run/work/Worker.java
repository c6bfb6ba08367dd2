package dev.sweeprunner.run.work;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.judge.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The worker's life: goes round its sweeps in order, and waits only when none of them has anything
 * to claim. Belongs to the main thread.
 */
public final class Worker {
  private static final double JITTER = 0.3;

  /** How much longer each wait is than the one before while all is calm, and the longest. */
  private static final double LONGER = 1.5;

  private static final int LONGEST_WAITS = 4;
  private static final String HELD = "others hold what is left";

  private final List<? extends Round> rounds;
  private final Reporter reporter;
  private final Narrator narrator;
  private final Pause pause;
  private final StopSignal stop;
  private final Room room;
  private final Options options;
  private final SplittableRandom jitter;

  /** Since when there has been nothing to do; null while there is. */
  private @Nullable Long idleSince;

  /** A worker over these sweeps, the first most wanted. */
  public Worker(
      List<? extends Round> rounds,
      Reporter reporter,
      Narrator narrator,
      Pause pause,
      StopSignal stop,
      Room room,
      Options options) {
    this.rounds = List.copyOf(rounds);
    this.reporter = reporter;
    this.narrator = narrator;
    this.pause = pause;
    this.stop = stop;
    this.room = room;
    this.options = options;
    this.jitter = new SplittableRandom(options.seed());
  }

  /**
   * Works until every point has ended, a stop is requested, or there is a reason to leave.
   *
   * <p>Where the storage is full, nothing is claimed until there is room again.
   *
   * @return {@link ExitCode#DONE} where every point has ended; whether all are finished is for the
   *     caller to see
   * @throws SickNode if this node cannot work
   */
  public ExitCode run() {
    boolean told = false;
    Duration wait = options.idleWait();
    while (!stop.requested()) {
      Tour tour = tourWithRoom();
      if (stop.requested() || tour.limitReached()) {
        break;
      }
      if (rounds.stream().allMatch(Round::ended)) {
        if (rounds.stream().anyMatch(Round::edited)) {
          continue;
        }
        return leave(ExitCode.DONE, "every point has ended");
      }
      if (tour.trained() > 0) {
        told = false;
        wait = options.idleWait();
        idleSince = null;
        continue;
      }
      if (tour.missing() != null) {
        narrator.say(
            "This node lacks what the open runs need: "
                + tour.missing()
                + ". Put it there, or start the worker where it is.");
        return leave(ExitCode.SICK_NODE, tour.missing());
      }
      if (outOfPatience()) {
        return leave(ExitCode.IDLE, "nothing to claim now");
      }
      if (!told) {
        narrator.say("Nothing to claim now: " + held() + " Waiting " + howLong() + ".");
        told = true;
      }
      reporter.waiting(unanswered().isEmpty() ? HELD : "W&B does not answer");
      wait = rounds.stream().allMatch(Round::calm) ? longer(wait) : options.idleWait();
      idle(wait);
    }
    return leave(ExitCode.STOPPED, stop.reason().orElse("its limit of runs is reached"));
  }

  /** Whether there has been nothing to do for as long as this worker is to wait. */
  private boolean outOfPatience() {
    return left().filter(left -> left <= 0).isPresent();
  }

  /** Nanoseconds of patience that are left; empty where there is no end to it. */
  private Optional<Long> left() {
    long now = options.clock().nanos();
    long since = idleSince == null ? now : idleSince;
    idleSince = since;
    return options.patience().map(patience -> patience.toNanos() - (now - since));
  }

  private void idle(Duration about) {
    Duration wait = jittered(about);
    pause.pause(left().map(Duration::ofNanos).filter(l -> l.compareTo(wait) < 0).orElse(wait));
  }

  private String held() {
    return unanswered()
        .map(
            why ->
                why
                    + ", and what another cluster may have is not claimed without its answer"
                    + " (--wandb-down). It is asked again and again, and then this worker goes on.")
        .orElse(HELD + ".");
  }

  private String howLong() {
    return options
        .patience()
        .map(patience -> "for at most " + patience.toSeconds() + " s (--exit-when-idle)")
        .orElse("(stop with Ctrl-C)");
  }

  private Optional<String> unanswered() {
    return rounds.stream().flatMap(round -> round.unanswered().stream()).findFirst();
  }

  /** A tour; one that meets a full disk has done nothing, once there is room again. */
  private Tour tourWithRoom() {
    try {
      return tour();
    } catch (NoRoom full) {
      if (outOfPatience()) {
        throw full;
      }
      awaitRoom(full);
      return new Tour(1, false, null);
    }
  }

  private void awaitRoom(NoRoom full) {
    String met = capital(full.sentence());
    if (stop.requested()) {
      if (!full.told()) {
        narrator.say(met);
      }
      return;
    }
    narrator.say(
        met + " Nothing is claimed until there is room; then this worker goes on by itself.");
    reporter.waiting("the storage is full");
    do {
      idle(options.idleWait());
      if (!stop.requested() && outOfPatience() && room.lacking(full.needed()).isPresent()) {
        throw full;
      }
    } while (!stop.requested() && room.lacking(full.needed()).isPresent());
    if (!stop.requested()) {
      narrator.say("There is room again: going on.");
    }
  }

  private static String capital(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }

  private Tour tour() {
    int trained = 0;
    String missing = null;
    for (Round round : rounds) {
      if (stop.requested()) {
        break;
      }
      if (!round.worthwhile()) {
        continue;
      }
      reporter.sweep(round.sweep());
      Round.Result result = round.run(round != rounds.get(0));
      trained += result.trained();
      missing = result.missing() == null ? missing : result.missing();
      if (result.limitReached()) {
        return new Tour(trained, true, missing);
      }
      if (trained > 0) {
        break;
      }
    }
    return new Tour(trained, false, missing);
  }

  private ExitCode leave(ExitCode code, String why) {
    reporter.stopped(why);
    return code;
  }

  private Duration longer(Duration wait) {
    long most = LONGEST_WAITS * options.idleWait().toNanos();
    return Duration.ofNanos(Math.min(most, (long) (wait.toNanos() * LONGER)));
  }

  private Duration jittered(Duration wait) {
    double factor = 1 + JITTER * (2 * jitter.nextDouble() - 1);
    return Duration.ofNanos((long) (wait.toNanos() * factor));
  }

  private record Tour(int trained, boolean limitReached, @Nullable String missing) {}

  /** Whether the storage takes more. */
  public interface Room {
    /** Why so many bytes cannot be kept there now, or empty. */
    Optional<String> lacking(long bytes);
  }

  /**
   * How this worker behaves.
   *
   * @param idleWait between looks while others hold everything; up to four times as long while the
   *     owners of all that is left are seen to live
   * @param patience how long it waits in all for something to do before it leaves; empty: for ever
   * @param seed of the jitter
   * @param clock by which it waits
   */
  public record Options(Duration idleWait, Optional<Duration> patience, long seed, Clock clock) {}
}
