package dev.sweeprunner.cli;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Deliveries;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.judge.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code sync}: sends to W&amp;B what the runs under a storage root have not told it yet, resumed
 * ones included, each row at most once. For offline runs, from a login node, and for what was left
 * when W&amp;B could not be reached. May be cut off and repeated.
 */
public final class SyncCommand {
  private final Deliveries desk;
  private final Clock clock;
  private final StopSignal stop;
  private final Screen screen;

  /** A sync that ends between two runs when a stop is requested. */
  public SyncCommand(Deliveries desk, Clock clock, StopSignal stop, Screen screen) {
    this.desk = desk;
    this.clock = clock;
    this.stop = stop;
    this.screen = screen;
  }

  /**
   * Sends everything that waits.
   *
   * @return {@link ExitCode#INCOMPLETE} if something was not taken, {@link ExitCode#STOPPED} if cut
   *     off
   */
  public ExitCode run() {
    List<Waiting> waiting = waiting();
    if (waiting.isEmpty()) {
      screen.out().println("Nothing waits to be sent to W&B.");
      screen.out().flush();
      return ExitCode.DONE;
    }
    long began = clock.nanos();
    long rows = 0;
    int failed = 0;
    for (int i = 0; i < waiting.size(); i++) {
      if (stop.requested()) {
        screen.out().printf("Stopped after %d of %d runs.%n", i, waiting.size());
        return ExitCode.STOPPED;
      }
      Waiting run = waiting.get(i);
      Deliveries.Sent sent = desk.send(run.project(), run.runId());
      rows += sent.rows();
      failed += sent.delivered() ? 0 : 1;
      screen
          .out()
          .printf(
              "%d/%d  %s  %s%s%n",
              i + 1, waiting.size(), run.runId(), sent.how(), left(began, i + 1, waiting.size()));
      screen.out().flush();
    }
    screen
        .out()
        .printf(
            "%s sent, %s%n",
            HumanFormat.plural(rows, "row"),
            failed == 0
                ? "W&B has been told everything that is safe on disk."
                : HumanFormat.plural(failed, "run") + " left over; run sync again later.");
    screen.out().flush();
    return failed == 0 ? ExitCode.DONE : ExitCode.INCOMPLETE;
  }

  private List<Waiting> waiting() {
    List<Waiting> waiting = new ArrayList<>();
    for (String project : desk.projects()) {
      desk.waiting(project).forEach(runId -> waiting.add(new Waiting(project, runId)));
    }
    return waiting;
  }

  private String left(long began, int done, int all) {
    if (done == all) {
      return "";
    }
    Duration left = Duration.ofNanos((clock.nanos() - began) / done * (all - done));
    return left.toSeconds() < 1 ? "" : "  (" + HumanFormat.time(left) + " left)";
  }

  private record Waiting(String project, String runId) {}
}
