package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Arrears;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The line below a table about what W&amp;B lacks of its runs. */
final class OwedToWandb {
  private static final int MOST_NAMED = 5;

  private OwedToWandb() {}

  /** One sentence with the way out, or empty where W&amp;B lacks nothing. */
  static Optional<String> line(List<Points> sweeps, Arrears arrears) {
    List<Long> owed = new ArrayList<>();
    List<String> beside = new ArrayList<>();
    boolean all = true;
    for (Points points : sweeps) {
      Arrears.Owed here = arrears.of(points.projectSlug());
      here.rows().forEach((runId, rows) -> points.indexOf(runId).ifPresent(i -> owed.add(rows)));
      here.beside().stream()
          .filter(name -> points.indexOf(name.replaceFirst("-[0-9]+$", "")).isPresent())
          .forEach(beside::add);
      all &= here.all();
    }
    return owed.isEmpty()
        ? Optional.empty()
        : Optional.of(line(owed, all, beside(beside), arrears.wayOut()));
  }

  private static String beside(List<String> names) {
    int more = names.size() - MOST_NAMED;
    return names.isEmpty()
        ? ""
        : ", nor all of "
            + String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
            + (more > 0 ? " and " + more + " more" : "")
            + " that programs wrote beside their runs";
  }

  private static String line(List<Long> owed, boolean all, String beside, String wayOut) {
    long rows = owed.stream().mapToLong(Long::longValue).sum();
    String runs = HumanFormat.plural(owed.size(), "run");
    return "W&B: "
        + (all ? "" : "at least ")
        + (rows == 0 ? "the end of " + runs : HumanFormat.plural(rows, "row") + " of " + runs)
        + (rows <= 1 ? " is" : " are")
        + " not delivered"
        + beside
        + ". Workers send it when W&B can be reached; by hand: "
        + wayOut;
  }
}
