package dev.sweeprunner.cli;

import dev.sweeprunner.run.ServerCheck;
import dev.sweeprunner.run.ServerCheck.Finding;
import dev.sweeprunner.run.ServerCheck.Verdict;
import dev.sweeprunner.run.judge.ExitCode;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code wandb-check}: whether a live W&amp;B server does what this program rests on, as a table
 * whose rows appear one by one. It makes runs in a scratch project and leaves them there.
 */
public final class WandbCheckCommand {
  private static final int VERDICT = 9;
  private static final int TOOK = 8;
  private static final int GAP = 2;
  private static final int WIDEST = 200;

  private final ServerCheck desk;
  private final Screen screen;
  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);

  /** A check that is printed on {@code screen}. */
  public WandbCheckCommand(ServerCheck desk, Screen screen) {
    this.desk = desk;
    this.screen = screen;
  }

  /**
   * Checks, once.
   *
   * @return {@link ExitCode#INCOMPLETE} if something is different; what could not be seen by a
   *     program does not count
   * @throws dev.sweeprunner.problem.UserError if W&amp;B cannot be used, or fell silent on the way,
   *     after the rows that there are
   */
  public ExitCode run() {
    try {
      desk.check(this::heard);
    } finally {
      if (!counts.isEmpty()) {
        summary();
      }
      screen.out().flush();
    }
    return count(Verdict.DIFFERENT) == 0 ? ExitCode.DONE : ExitCode.INCOMPLETE;
  }

  private void heard(Finding finding) {
    if (counts.isEmpty()) {
      row("relied on", "seen", "verdict", "took");
    }
    counts.merge(finding.verdict(), 1, Integer::sum);
    String took = String.format(Locale.ROOT, "%.1f s", finding.took().toMillis() / 1000.0);
    row(finding.relied(), finding.seen(), finding.verdict().word(), took);
    screen.out().flush();
  }

  private void row(String relied, String seen, String verdict, String took) {
    int width = (Math.min(screen.columns(), WIDEST) - VERDICT - TOOK - 3 * GAP) / 2;
    List<String> left = HumanFormat.wrap(relied, width);
    List<String> right = HumanFormat.wrap(seen, width);
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String line =
          padded(i < left.size() ? left.get(i) : "", width)
              + padded(i < right.size() ? right.get(i) : "", width)
              + padded(i == 0 ? verdict : "", VERDICT)
              + (i == 0 ? " ".repeat(Math.max(0, TOOK - took.length())) + took : "");
      screen.out().println(line.stripTrailing());
    }
  }

  private void summary() {
    Paragraphs paragraphs = new Paragraphs(screen);
    paragraphs.blank();
    paragraphs.line(
        count(Verdict.OK)
            + (" as relied on, " + count(Verdict.DIFFERENT) + " different, ")
            + (count(Verdict.UNSEEN) + " not seen."));
    paragraphs.line(
        "The runs of this check stay in the W&B project "
            + desk.project()
            + "; delete them there.");
  }

  private int count(Verdict verdict) {
    return counts.getOrDefault(verdict, 0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()) + GAP);
  }
}
