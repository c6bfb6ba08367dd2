package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether W&amp;B takes what this process tells it, and what the user hears of that: one warning
 * when nothing has been taken for {@link #STALLED}, one note when all that waited has arrived,
 * however many runs go by in between. A refusal is said of the first run that meets it.
 *
 * <p>Goes by time watched on this process's own clock. Any thread.
 */
public final class Contact {
  /** After so long without an answer delivery has stalled. */
  static final Duration STALLED = Duration.ofSeconds(20);

  /** Ways in which a key is refused, not a run. */
  private static final Set<Kind> EVERYBODY = EnumSet.of(Kind.UNAUTHORISED, Kind.FORBIDDEN);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final Clock clock;
  private final Consumer<String> warnings;
  private final Consumer<String> notes;

  /** Since when each run has gone unanswered, the first one first. */
  private final Map<String, Long> unanswered = new LinkedHashMap<>();

  private final Map<String, Kind> refused = new HashMap<>();
  private String why = "";
  private String refusal = "";
  private boolean lost;
  private boolean leaving;
  private long lostSince;
  private long rows;
  private @Nullable Long answered;
  private @Nullable Long back;

  /**
   * Nothing asked yet.
   *
   * @param warnings hears when W&amp;B is away, one or two sentences
   * @param notes hears when it is back
   */
  Contact(Clock clock, Consumer<String> warnings, Consumer<String> notes) {
    this.clock = clock;
    this.warnings = warnings;
    this.notes = notes;
  }

  /** For those who tell of failures themselves. */
  static Contact unheard(Clock clock) {
    return new Contact(clock, line -> {}, line -> {});
  }

  /** W&amp;B did not answer a worker that starts, and the user has been told so. */
  public synchronized void lost(WandbFailure failure, long began) {
    lost = true;
    lostSince = began;
    back = null;
    why = String.valueOf(failure.getMessage());
  }

  /** W&amp;B has answered a question. */
  public synchronized void answered() {
    answered = clock.nanos();
  }

  /** Nothing came back for a run from a step that began then. */
  synchronized void failed(String runId, WandbFailure failure, long began) {
    unanswered.putIfAbsent(runId, began);
    back = null;
    why = String.valueOf(failure.getMessage());
    long first = unanswered.values().iterator().next();
    if (!lost && !leaving && clock.nanos() - first >= STALLED.toNanos()) {
      lost = true;
      lostSince = first;
      warnings.accept(
          "W&B has taken nothing since "
              + timeOfDay(first)
              + " ("
              + words(clock.nanos() - first)
              + "): "
              + why
              + ". Training goes on and nothing is lost: rows are kept, and sent when it answers.");
    }
  }

  /**
   * W&amp;B has taken something of a run.
   *
   * @param count rows that were taken
   * @param all whether nothing of it waits any more
   */
  synchronized void took(String runId, long count, boolean all) {
    long now = clock.nanos();
    answered = now;
    refused.remove(runId);
    if (all) {
      unanswered.remove(runId);
    }
    if (lost) {
      rows += count;
      back = back == null ? (Long) now : back;
      if (unanswered.isEmpty()) {
        over(back);
      }
    }
  }

  private void over(long when) {
    notes.accept(
        "W&B answers again since "
            + timeOfDay(when)
            + ", after "
            + words(when - lostSince)
            + "; what had waited is there ("
            + rows
            + (rows == 1 ? " row)." : " rows)."));
    lost = false;
    rows = 0;
    back = null;
  }

  /** Whether it is the first run that is refused in this way, as long as that lasts. */
  synchronized boolean firstRefused(String runId, WandbFailure failure) {
    boolean known = EVERYBODY.contains(failure.kind()) && refused.containsValue(failure.kind());
    refusal = String.valueOf(failure.getMessage());
    return refused.put(runId, failure.kind()) == null && !known;
  }

  /** There is nothing more to tell of a run. */
  synchronized void closed(String runId) {
    unanswered.remove(runId);
    refused.remove(runId);
  }

  /** From now on what waits is told of by whoever leaves. */
  synchronized void leaving() {
    leaving = true;
  }

  /** Whether the user has been told that W&amp;B is away, and it has not come back. */
  public synchronized boolean lost() {
    return lost;
  }

  /** How it stands now. */
  synchronized Standing standing() {
    long now = clock.nanos();
    boolean away = lost || !unanswered.isEmpty();
    long since = lost || unanswered.isEmpty() ? lostSince : unanswered.values().iterator().next();
    return new Standing(
        answered == null ? null : Duration.ofNanos(now - answered),
        away ? Duration.ofNanos(now - since) : null,
        away ? why : refused.isEmpty() ? null : refusal);
  }

  /**
   * How it stands.
   *
   * @param sinceAnswer since the newest answer, or null while there was none
   * @param away for how long nothing has been taken, or null
   * @param why it is away, or refuses something; else null
   */
  record Standing(@Nullable Duration sinceAnswer, @Nullable Duration away, @Nullable String why) {}

  /** By the clock on the wall, for people, whose lines bear no time. */
  private String timeOfDay(long nanos) {
    return clock
        .now()
        .minusNanos(clock.nanos() - nanos)
        .atZone(ZoneId.systemDefault())
        .format(TIME);
  }

  /** As people say it: {@code 45 s}, {@code 3 min}, {@code 5 h}. */
  static String words(long nanos) {
    Duration time = Duration.ofNanos(nanos);
    if (time.toSeconds() < 120) {
      return time.toSeconds() + " s";
    }
    return time.toMinutes() < 120 ? time.toMinutes() + " min" : time.toHours() + " h";
  }
}
