package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Causes;
import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.Reason;
import dev.sweeprunner.run.judge.PointStatus;
import java.util.ArrayList;
import java.util.List;

/** The reasons below the table: equal ones together, long ones shortened, many of them counted. */
final class ReasonList {
  private static final int MOST = 12;
  private static final int LONGEST = 300;

  private ReasonList() {}

  /** One paragraph per group of points with the same state and reason, in grid order. */
  static List<String> of(SweepStatus sweep) {
    Causes causes = new Causes();
    for (PointStatus pointStatus : sweep.statuses()) {
      if (sweep.first(pointStatus) && Reason.needed(pointStatus, sweep.expiry())) {
        causes.add(
            pointStatus.verdict().state().shown(),
            pointStatus.point().runId(),
            text(sweep, pointStatus));
      }
    }
    List<Causes.Cause> all = causes.all();
    List<String> paragraphs = new ArrayList<>();
    all.stream()
        .limit(MOST)
        .forEach(each -> paragraphs.add(each.word() + " " + each.who() + ": " + each.text()));
    if (all.size() > MOST) {
      paragraphs.add(
          "And " + (all.size() - MOST) + " more reasons; explain RUN_ID tells each of them");
    }
    return paragraphs;
  }

  private static String text(SweepStatus sweep, PointStatus pointStatus) {
    String wayOut = pointStatus.verdict().because().wayOut();
    return HumanFormat.cut(Reason.of(pointStatus, sweep.expiry()), LONGEST)
        + (wayOut.isEmpty() ? "" : ". " + wayOut);
  }
}
