package dev.sweeprunner.cli;

import dev.sweeprunner.run.Standing;
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
  static List<String> of(Overview sweep) {
    Map<String, List<Standing>> groups = new LinkedHashMap<>();
    for (Standing standing : sweep.standings()) {
      if (sweep.first(standing) && Reason.needed(standing, sweep.expiry())) {
        groups.computeIfAbsent(text(sweep, standing), key -> new ArrayList<>()).add(standing);
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

  private static String text(Overview sweep, Standing standing) {
    String wayOut = standing.verdict().because().wayOut();
    String text =
        Words.cut(Reason.of(standing, sweep.expiry()), LONGEST)
            + (wayOut.isEmpty() ? "" : ". " + wayOut);
    return standing.verdict().state().word()
        + "\n"
        + text.replace(standing.point().runId(), ANY_RUN);
  }

  private static String paragraph(String key, List<Standing> members) {
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
