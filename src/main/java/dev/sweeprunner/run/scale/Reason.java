package dev.sweeprunner.run.scale;

import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Why a profile gets as many tasks as it gets, and no more.
 *
 * @param kind what decided
 * @param detail a number or somebody's words, as the kind says; may be empty
 * @param until when it is over, or null where that is not known
 */
public record Reason(Kind kind, String detail, @Nullable Instant until) {
  /** What decides. */
  public enum Kind {
    /** There is a task for each run that can be claimed. */
    ENOUGH("enough tasks"),
    /** Nothing can be claimed. */
    NO_WORK("nothing to claim"),
    /** Each run that can be claimed gets a task. */
    NEEDED("one for each run that can be claimed"),
    /** More are wanted; those of the next look. The detail is how many a look may submit. */
    PER_LOOK("at most %s at a look"),
    /** As many as the profile allows are there, or will be. */
    LIMIT("as many as its limit allows"),
    /** As many as Slurm took last time are there; the detail is how many. */
    CEILING("Slurm takes no more than %s%u"),
    /** The detail says what happened. */
    PAUSED("paused%u: %s"),
    /** After a pause; the detail is the streak. */
    PROBE("one is tried after a pause"),
    /** The one that is tried after a pause has not claimed a run yet. */
    PROBING("the one that is tried after a pause has no run yet"),
    /** Too many have been submitted within the hour; the detail is how many. */
    UNCLAIMED("%s starts in this hour without a claim%u"),
    /** Too many have failed within the hour; the detail is how many. */
    FAILED("%s failed starts in this hour%u"),
    /** Its tasks cannot start; the detail is Slurm's reason. */
    BLOCKED("blocked: %s"),
    /** The forecast says so. */
    NOT_WORTH("the running ones finish the work before a new task would have done its share"),
    /** There are tasks of it and no such profile. */
    UNKNOWN("no such profile any more");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  static Reason of(Kind kind) {
    return new Reason(kind, "", null);
  }

  /** In words, with times of day as this writes them. */
  public String words(Function<Instant, String> time) {
    String over = until == null ? "" : " until " + time.apply(until);
    return kind.words.replace("%u", over).replace("%s", detail);
  }
}
