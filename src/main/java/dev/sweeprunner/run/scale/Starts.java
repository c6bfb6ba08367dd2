package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of the starts of a profile's tasks, and the pause that follows from it: a circuit
 * breaker.
 *
 * <p>Three starts in a row that came to nothing trip it, and so do Slurm's refusal and a person who
 * cancels a task. While it is tripped, nothing is submitted for a minute, and then one task is
 * tried; if that comes to nothing too, the next pause is twice as long, up to an hour. The first
 * claim of any task resets it; a pause that a person's hand began is sat out.
 *
 * <p>Bounds, in any hour: of one profile no more than {@link Rules#unclaimedPerHour} tasks are
 * submitted without a first claim in between; and of its starts no more fail than that number and
 * as many as were under way when the last of them was submitted, at most the profile's limit: with
 * the defaults and a limit of 8, 24. Not bound by that are a memory that was lost, a clock that
 * jumped ahead, and a scaler that died within the two minutes after an intent.
 */
final class Starts {
  private static final int STREAK = 3;
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration IDLE = Duration.ofMinutes(10);

  /** How long a submission that Slurm has not listed yet may be under way. */
  private static final Duration UNDER_WAY = Duration.ofMinutes(2);

  private int streak;
  private boolean tripped;
  private boolean byPerson;
  private Duration last = Duration.ZERO;
  private @Nullable Instant until;
  private String why = "";
  private final List<Instant> unclaimed = new ArrayList<>();
  private final List<Instant> open = new ArrayList<>();
  private final List<Instant> failed = new ArrayList<>();

  /** So many are about to be submitted: they count before anybody knows what becomes of them. */
  void intended(int count, Instant now) {
    for (int i = 0; i < count; i++) {
      unclaimed.add(now);
      open.add(now);
    }
  }

  /** So many of those that were intended last are not submitted after all. */
  void dropped(int count) {
    forgetNewest(open, count);
    forgetNewest(unclaimed, count);
  }

  /** So many of those that were intended last are there by now, and known by their ids. */
  void submitted(int count, Instant now) {
    forgetNewest(open, count);
    forgetNewest(unclaimed, count);
    for (int i = 0; i < count; i++) {
      unclaimed.add(now);
    }
  }

  private static void forgetNewest(List<Instant> times, int count) {
    times.subList(Math.max(0, times.size() - count), times.size()).clear();
  }

  /** One that nobody knew is there: most likely one whose submission was not seen to its end. */
  void adopted(Instant now) {
    if (open.isEmpty()) {
      unclaimed.add(now);
    } else {
      open.remove(0);
    }
  }

  /** Whether a submission was begun of which nobody knows the end. */
  boolean intends() {
    return !open.isEmpty();
  }

  /** How many may be there that Slurm does not list yet. */
  int underWay(Instant now) {
    return (int) open.stream().filter(time -> Times.ahead(time.plus(UNDER_WAY), now)).count();
  }

  /** The first claim of a task. */
  void claimed() {
    streak = 0;
    unclaimed.clear();
    last = byPerson ? last : Duration.ZERO;
    tripped &= byPerson;
    if (!byPerson) {
      until = null;
    }
  }

  /** A start that came to nothing. */
  void failed(Instant now) {
    streak++;
    failed.add(now);
  }

  /** A worker that came forward, found nothing to do and left. */
  void idle() {
    streak++;
  }

  /** Whether so many came to nothing that a pause is due. */
  boolean trips(Instant now) {
    return (streak >= STREAK || tripped) && !paused(now);
  }

  /** Too many starts came to nothing. */
  void weigh(String what, boolean idle, Instant now) {
    trip(FIRST, idle ? IDLE : Times.HOUR, what, now);
  }

  /** Slurm does not take such a task. */
  void refused(String said, Instant now) {
    trip(FIRST, Times.HOUR, said, now);
  }

  /** Slurm gave no answer; what it did will be seen. */
  void unanswered(String said, Instant now) {
    until = now.plus(FIRST);
    why = said;
  }

  /** A person cancelled a task: whatever the reason was, it holds for a while. */
  void cancelled(String what, Instant now) {
    trip(IDLE, Times.HOUR, what, now);
    byPerson = true;
  }

  private void trip(Duration least, Duration most, String what, Instant now) {
    Duration twice = last.multipliedBy(2);
    last = twice.compareTo(least) < 0 ? least : twice.compareTo(most) > 0 ? most : twice;
    Instant end = now.plus(last);
    until = until != null && Times.ahead(until, end) ? until : end;
    tripped = true;
    why = what;
  }

  boolean paused(Instant now) {
    return Times.ahead(until, now);
  }

  /** Whether only one may be tried. */
  boolean tripped() {
    return tripped;
  }

  @Nullable Instant until() {
    return until;
  }

  String why() {
    return why;
  }

  int streak() {
    return streak;
  }

  List<Instant> unclaimed() {
    return unclaimed;
  }

  List<Instant> failed() {
    return failed;
  }

  /** Forgets what is older than an hour; whatever a clock said, no pause is longer than one. */
  void clamp(Instant now) {
    Times.keepHour(unclaimed, now);
    Times.keepHour(open, now);
    Times.keepHour(failed, now);
    until = Times.atMostAnHour(until, now);
    byPerson &= paused(now);
  }

  Map<String, ?> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("streak", (long) streak);
    members.put("tripped", tripped);
    members.put("by_person", byPerson);
    members.put("last_s", last.toSeconds());
    members.put("why", why);
    if (until != null) {
      members.put("until", until.toString());
    }
    members.put("unclaimed", Times.texts(unclaimed));
    members.put("open", Times.texts(open));
    members.put("failed", Times.texts(failed));
    return members;
  }

  static Starts of(Fields fields) throws UnreadableJson {
    Starts starts = new Starts();
    starts.streak = fields.integer("streak");
    starts.tripped = fields.flag("tripped");
    starts.byPerson = fields.flag("by_person");
    starts.last = Duration.ofSeconds(fields.number("last_s"));
    starts.why = fields.textOr("why", "");
    starts.until = Times.orNull(fields, "until");
    starts.unclaimed.addAll(Times.list(fields, "unclaimed"));
    starts.open.addAll(Times.list(fields, "open"));
    starts.failed.addAll(Times.list(fields, "failed"));
    return starts;
  }
}
