package dev.sweeprunner.cli;

import dev.sweeprunner.problem.ShellWord;
import dev.sweeprunner.run.scale.Demand;
import dev.sweeprunner.run.scale.ScaleReport;
import dev.sweeprunner.run.scale.ScaleReport.Line;
import dev.sweeprunner.run.scale.ScaleReport.Step;
import java.nio.file.Files;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a look of {@code scale} prints for people.
 *
 * @param submit whether it acted
 * @param rhythm when it looks again; empty where it does not
 */
record ScaleLines(ScaleReport report, ScaleCommand.Site site, boolean submit, String rhythm) {
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  /** Everything but what Slurm said, in pieces that belong together. */
  List<List<String>> all() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of(counts()));
    lines.add(List.of("Tasks " + site.queue().name() + "-*; profiles: " + site.from() + rhythm));
    lines.add(new ScaleTable(report.lines(), this::time).lines());
    report
        .lines()
        .forEach(
            line -> lines.add(List.of(name(line) + ": " + line.reason().words(this::time) + ".")));
    report.news().forEach(news -> lines.add(List.of(news)));
    if (!submit && !report.steps().isEmpty() && !Files.isDirectory(site.logs())) {
      lines.add(List.of("Before the first one:", "  mkdir -p " + ShellWord.of(site.logs() + "")));
    }
    report.steps().forEach(step -> lines.add(lines(step)));
    lines.add(conclusion());
    return lines;
  }

  private String counts() {
    Demand demand = report.demand();
    return HumanFormat.plural(demand.runs(), "run")
        + (": " + demand.claimable() + " to claim, " + demand.taken() + " taken, ")
        + (demand.later() == 0 ? "" : demand.later() + " later, ")
        + (demand.ended() + " ended");
  }

  private List<String> conclusion() {
    List<String> lines = new ArrayList<>();
    if (report.without() > 0) {
      lines.add("No room for " + HumanFormat.plural(report.without(), "more run") + " now.");
    }
    if (report.demand().allEnded()) {
      lines.add("Every run has ended.");
    } else if (report.steps().isEmpty() && report.without() == 0) {
      lines.add("Nothing to do: there are as many tasks as there is work.");
    }
    return lines;
  }

  /** What is worth a mail: what happened to tasks, and what was done. */
  List<String> news() {
    List<String> lines = new ArrayList<>(report.news());
    for (Step step : report.steps()) {
      said(step).forEach(said -> lines.add(step.cancels() ? said : step.profile() + ": " + said));
    }
    return lines;
  }

  /** What Slurm said. */
  List<String> said() {
    return report.steps().stream().flatMap(ScaleLines::said).toList();
  }

  /** How to have it done. */
  List<String> hint() {
    return submit || report.steps().isEmpty()
        ? List.of()
        : List.of("Nothing was changed; --submit does it.");
  }

  private List<String> lines(Step step) {
    String tasks = HumanFormat.plural(step.count(), step.cancels() ? "pending task" : "task");
    String doing = step.cancels() ? "Cancelling " : "Submitting ";
    String verb = submit ? doing : step.cancels() ? "Would cancel " : "Would submit ";
    String which = step.cancels() ? "" : " as " + step.profile() + limit(step);
    return List.of(
        verb + tasks + which + ":", "  " + ShellLine.of(site.queue().leftOut(), step.words()));
  }

  private String limit(Step step) {
    return report.lines().stream()
        .filter(line -> name(line).equals(step.profile()))
        .map(line -> " (limit " + line.profile().limit() + ")")
        .findFirst()
        .orElse("");
  }

  private static Stream<String> said(Step step) {
    int last = step.count() - 1;
    return switch (step.outcome()) {
      case PROPOSED, LEFT -> Stream.of();
      case REFUSED, UNKNOWN -> Stream.of("Failed: " + step.said());
      case DONE ->
          Stream.of(
              step.cancels()
                  ? "Cancelled"
                  : ("Submitted " + step.said() + "_0")
                      + (last == 0 ? "" : " to " + step.said() + "_" + last));
    };
  }

  private static String name(Line line) {
    return line.profile().name();
  }

  private String time(Instant at) {
    return MINUTE.format(at.atZone(site.zone()));
  }
}
