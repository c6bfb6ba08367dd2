package dev.sweeprunner.config;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.SweepFile;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What an edit of a sweep file that is worked on comes to, counted in runs.
 *
 * @param added runs that were none of the sweep's before
 * @param dropped runs that are none any more
 */
public record SweepEdit(int added, int dropped) {
  /** The edit that leads from one edition of a file's points to the next. */
  public static SweepEdit between(Points before, Points after) {
    return new SweepEdit(
        (int) missing(after, before).count(), (int) missing(before, after).count());
  }

  /**
   * Refuses an edit that a worker cannot follow.
   *
   * @throws UserError if it changes what the runs of a sweep have in common (who trains them, their
   *     project, group and entity), or adds a point that can never run
   */
  public static void check(Points before, Points after) {
    stays(after, "the project", before.project(), after.project());
    stays(after, "the name", before.group(), after.group());
    stays(after, "the entity", entity(before.sweep()), entity(after.sweep()));
    stays(after, "who trains the runs", trainer(before), trainer(after));
    missing(after, before).forEach(index -> refuseInvalid(after.at(index), after));
  }

  private static String entity(SweepFile sweep) {
    return Objects.requireNonNullElse(sweep.entity(), "none");
  }

  private static String trainer(Points points) {
    return points.byProgram() ? "a program" : "the built-in trainer";
  }

  private static void stays(Points after, String what, String before, String now) {
    if (!before.equals(now)) {
      throw changed(after, what, before, now);
    }
  }

  /** An edit of what may not change while a sweep is worked on. */
  public static UserError changed(Points after, String what, String before, String now) {
    return new UserError(
        after.sweep().path().toString(),
        what + " was " + before + " and is now " + now,
        "Put it back, or start workers anew for what it is now");
  }

  private static void refuseInvalid(Point point, Points points) {
    @Nullable String invalid = point.invalid();
    if (invalid != null) {
      throw new UserError(
          points.sweep().path().toString(),
          "the added point "
              + point.index()
              + " ("
              + point.overrides()
              + ") can never run: "
              + invalid.replaceFirst("\\.$", ""),
          "Change its values, or leave it out");
    }
  }

  /** The points of {@code these} whose runs are none of {@code others}, each run once. */
  private static IntStream missing(Points these, Points others) {
    return IntStream.range(0, these.size())
        .filter(index -> !these.isDuplicate(index) && others.indexOf(these.runId(index)).isEmpty());
  }
}
