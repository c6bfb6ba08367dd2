package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.Reason;
import dev.sweeprunner.run.judge.PointStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reasons below the table: equal ones together, long ones shortened, many of them counted. */
final class ReasonList {
  private static final int MOST = 12;
  private static final int MOST_IDS = 4;
  private static final int LONGEST = 300;
  private static final String ANY_RUN = "RUN_ID";

  private ReasonList() {}

  /** One paragraph per group of points with the same state and reason, in grid order. */
  static List<String> of(SweepStatus sweep) {
    Map<String, List<PointStatus>> groups = new LinkedHashMap<>();
    for (PointStatus pointStatus : sweep.statuses()) {
      if (sweep.first(pointStatus) && Reason.needed(pointStatus, sweep.expiry())) {
        groups.computeIfAbsent(text(sweep, pointStatus), key -> new ArrayList<>()).add(pointStatus);
      }
    }
    List<String> paragraphs = new ArrayList<>();
    groups.forEach(
        (text, members) -> {
          if (paragraphs.size() < MOST) {
            paragraphs.add(paragraph(text, members));
          }
        });
    if (groups.size() > MOST) {
      paragraphs.add(
          "And " + (groups.size() - MOST) + " more reasons; explain RUN_ID tells each of them");
    }
    return paragraphs;
  }

  private static String text(SweepStatus sweep, PointStatus pointStatus) {
    String wayOut = pointStatus.verdict().because().wayOut();
    String text =
        HumanFormat.cut(Reason.of(pointStatus, sweep.expiry()), LONGEST)
            + (wayOut.isEmpty() ? "" : ". " + wayOut);
    return pointStatus.verdict().state().word()
        + "\n"
        + text.replace(pointStatus.point().runId(), ANY_RUN);
  }

  private static String paragraph(String key, List<PointStatus> members) {
    int split = key.indexOf('\n');
    String text = key.substring(split + 1);
    List<String> ids = members.stream().map(s -> s.point().runId()).distinct().toList();
    if (ids.size() == 1) {
      text = text.replace(ANY_RUN, ids.get(0));
    }
    String who =
        ids.size() <= MOST_IDS
            ? String.join(", ", ids)
            : String.join(", ", ids.subList(0, MOST_IDS))
                + " and "
                + (ids.size() - MOST_IDS)
                + " more";
    return key.substring(0, split) + " " + who + ": " + text;
  }
}
