package dev.sweeprunner.cli;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Inspection.Depth;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.audit.Audit;
import dev.sweeprunner.run.audit.Inventory;
import dev.sweeprunner.run.audit.Subject;
import dev.sweeprunner.run.judge.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code audit}: whether everything on disk is there, whole and once. Changes nothing, and may be
 * called while workers work.
 */
public final class AuditCommand {
  private static final Duration DRAW_EVERY = Duration.ofMillis(100);

  private final Audit audit;
  private final List<Points> sweeps;
  private final Clock clock;
  private final StopSignal stop;
  private final LookedAt root;
  private final Screen screen;

  /**
   * An audit.
   *
   * @param sweeps whose runs are looked at; everything under the storage root where there are none
   * @param stop ends it between two runs
   * @param root where all of it lies
   */
  public AuditCommand(
      Audit audit,
      List<Points> sweeps,
      Clock clock,
      StopSignal stop,
      LookedAt root,
      Screen screen) {
    this.audit = audit;
    this.sweeps = List.copyOf(sweeps);
    this.clock = clock;
    this.stop = stop;
    this.root = root;
    this.screen = screen;
  }

  /**
   * Looks at every run and prints what is wrong.
   *
   * @return {@link ExitCode#INCOMPLETE} if anything is, {@link ExitCode#STOPPED} if cut off
   */
  public ExitCode run(OutputFormat format, Depth depth) {
    Inventory inventory = audit.inventory(sweeps);
    boolean people = format == OutputFormat.TABLE;
    Told told = new Told(inventory.subjects().size(), people && screen.live());
    inventory.findings().forEach(finding -> found(told, finding, people));
    for (Subject subject : inventory.subjects()) {
      if (stop.requested()) {
        return stopped(told, people);
      }
      told.draw(subject.key().runId());
      Audit.Looked looked = audit.look(subject, depth);
      told.rows += looked.rows();
      told.runs++;
      looked.findings().forEach(finding -> found(told, finding, people));
    }
    told.bar.end();
    AuditReport report = new AuditReport(told.runs, told.rows, depth, told.findings, root);
    switch (format) {
      case JSON, JSONL -> report.json(screen.raw());
      case CSV -> report.csv(screen.raw());
      case TABLE, MD -> new Paragraphs(screen).indented(0, summary(report));
    }
    screen.out().flush();
    return told.findings.isEmpty() ? ExitCode.DONE : ExitCode.INCOMPLETE;
  }

  private void found(Told told, Finding finding, boolean people) {
    told.findings.add(finding);
    if (!people) {
      return;
    }
    told.bar.end();
    Paragraphs print = new Paragraphs(screen);
    String run = finding.runId().isEmpty() ? "" : "  " + finding.runId();
    print.line(finding.kind().shown() + run + "  " + finding.path());
    print.indented(2, sentence(finding.fact()) + " " + sentence(finding.wayOut()));
  }

  private ExitCode stopped(Told told, boolean people) {
    told.bar.end();
    if (people) {
      screen.out().printf("Stopped after %d of %d runs.%n", told.runs, told.all);
      screen.out().flush();
    }
    return ExitCode.STOPPED;
  }

  private static String summary(AuditReport report) {
    return HumanFormat.plural(report.runs(), "run")
        + ", "
        + String.format(Locale.ROOT, "%,d", report.rows())
        + (report.rows() == 1 ? " row, " : " rows, ")
        + HumanFormat.plural(report.findings().size(), "finding")
        + " in "
        + report.root().words()
        + (report.depth() == Depth.ALL ? "" : "; of contents only the sizes were compared");
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  /** What was told so far. */
  private final class Told {
    private final List<Finding> findings = new ArrayList<>();
    private final Bar bar = new Bar(screen);
    private final int all;
    private final boolean drawn;
    private final long began = clock.nanos();
    private long lastDrawn = began - DRAW_EVERY.toNanos();
    private int runs;
    private long rows;

    Told(int all, boolean drawn) {
      this.all = all;
      this.drawn = drawn;
    }

    void draw(String runId) {
      long now = clock.nanos();
      if (!drawn || now - lastDrawn < DRAW_EVERY.toNanos()) {
        return;
      }
      lastDrawn = now;
      double seconds = (now - began) / 1e9;
      String numbers = runs + "/" + all + " runs";
      if (runs > 0 && seconds > 0) {
        Duration left = Duration.ofMillis((long) (1000 * seconds / runs * (all - runs)));
        numbers +=
            "  "
                + HumanFormat.count(runs / seconds)
                + " runs/s  "
                + HumanFormat.time(left)
                + " left";
      }
      bar.draw(runId, numbers, (double) runs / all);
    }
  }
}
