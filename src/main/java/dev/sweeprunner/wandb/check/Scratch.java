package dev.sweeprunner.wandb.check;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The scratch project of one check: makes its runs and waits for answers. One thread. */
final class Scratch {
  /** Longest time after which a write must be read: what a claim waits before it reads back. */
  static final Duration SETTLE = Duration.ofSeconds(45);

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final WandbClient client;
  private final Site site;
  private final Clock clock;
  private final Pause pause;
  private final StopSignal stop;
  private final List<ScratchRun> runs = new ArrayList<>();
  private Duration slowest = Duration.ZERO;

  Scratch(WandbClient client, Site site, Clock clock, Pause pause, StopSignal stop) {
    this.client = client;
    this.site = site;
    this.clock = clock;
    this.pause = pause;
    this.stop = stop;
  }

  /** A run of this check; nothing is sent yet. */
  ScratchRun run(String name) {
    ScratchRun run = new ScratchRun(client, path(name), site.group());
    runs.add(run);
    return run;
  }

  /** Where a run of this check is, or would be. */
  RunPath path(String name) {
    return new RunPath(site.entity(), site.project(), site.seed() + "-" + name);
  }

  WandbClient client() {
    return client;
  }

  Clock clock() {
    return clock;
  }

  /** Asks every second until the answer is right, or {@code limit} is over. */
  <T> Awaited<T> await(Duration limit, Ask<T> ask, Predicate<T> right) throws WandbFailure, Halted {
    long start = clock.nanos();
    for (long tries = 0; ; tries++) {
      T answer = ask.ask();
      Duration after = Duration.ofNanos(clock.nanos() - start);
      boolean is = right.test(answer);
      // A pause may be over early, so that tries are counted too.
      if (is || after.compareTo(limit) >= 0 || tries >= limit.toSeconds()) {
        slowest = is && after.compareTo(slowest) > 0 ? after : slowest;
        return new Awaited<>(answer, is, after);
      }
      rest(STEP);
    }
  }

  /** Waits until a write of now would be read, going by the slowest one so far. */
  void settle() throws Halted {
    rest(slowest.plus(LOOK_AGAIN));
  }

  void rest(Duration time) throws Halted {
    pause.pause(time);
    if (stop.requested()) {
      throw new Halted("the check was stopped by " + stop.reason().orElse("a signal"));
    }
  }

  /** Ends the runs that are not ended, so that none is left to look crashed. */
  void close() throws WandbFailure {
    for (ScratchRun run : runs) {
      run.close();
    }
  }

  /**
   * Where the runs of a check are.
   *
   * @param entity who owns them
   * @param project its scratch project
   * @param seed what no other check has
   */
  record Site(String entity, String project, String seed) {
    String group() {
      return "wandb-check " + seed;
    }
  }

  /** The check was asked to stop. */
  static final class Halted extends Exception {
    private static final long serialVersionUID = 1L;

    Halted(String why) {
      super(why);
    }
  }

  /** A question. */
  @FunctionalInterface
  interface Ask<T> {
    T ask() throws WandbFailure;
  }

  /**
   * The last answer of several.
   *
   * @param answer itself
   * @param right whether it was the one waited for
   * @param after since the first question
   */
  record Awaited<T>(T answer, boolean right, Duration after) {
    /** {@code after 0.3 s}. */
    String when() {
      return String.format(Locale.ROOT, "after %.1f s", after.toMillis() / 1000.0);
    }
  }
}
