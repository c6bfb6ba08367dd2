package dev.sweeprunner.program;

import dev.sweeprunner.program.evidence.Fellows;
import dev.sweeprunner.program.evidence.FolderTraces;
import dev.sweeprunner.run.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches what the points of a sweep do to one another where they share a working directory: most
 * programs write into it, and those that look for a checkpoint by themselves find another point's.
 * Belongs to the worker's thread.
 */
final class Company {
  private final Clock clock;
  private final boolean apart;
  private final FolderTraces traces;
  private final Fellows fellows = new Fellows();

  /**
   * The points that start in one folder.
   *
   * @param apart whether each has a folder of its own
   * @param storage the storage root, which is none of theirs
   */
  Company(Clock clock, Path working, boolean apart, Path storage) {
    this.clock = clock;
    this.apart = apart;
    this.traces = new FolderTraces(working, Set.of(storage));
  }

  /**
   * A point is about to start.
   *
   * @param fresh whether it never ran before
   */
  Visit begin(String point, boolean fresh, Consumer<String> notes) {
    return new Visit(this, point, fresh, clock.nanos(), apart ? null : traces.look(), notes);
  }

  /**
   * One point's time in the folder.
   *
   * @param before what stood there before, or null where nothing is shared
   */
  record Visit(
      Company company,
      String point,
      boolean fresh,
      long began,
      FolderTraces.@Nullable Look before,
      Consumer<String> notes) {
    /** It has ended, having done its work or not. */
    void ended(boolean finished) {
      if (before != null) {
        company.traces.after(point, before, fresh).forEach(notes);
      }
      if (finished && fresh) {
        Duration took = Duration.ofNanos(company.clock.nanos() - began);
        company.fellows.ended(point, took).ifPresent(notes);
      }
    }
  }
}
