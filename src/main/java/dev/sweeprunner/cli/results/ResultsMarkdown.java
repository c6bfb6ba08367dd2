package dev.sweeprunner.cli.results;

import dev.sweeprunner.cli.Axes;
import dev.sweeprunner.cli.HumanFormat;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Markdown table with what is to be said of it below, to paste into a page. What a name or a
 * value holds is text there: no HTML, no link, no cell of its own.
 */
final class ResultsMarkdown {
  private static final String PLUS_MINUS = "\u00B1";
  private static final String SPECIAL = "\\`*|[]<>&";

  private ResultsMarkdown() {}

  static void print(List<Results> sweeps, PrintStream out) {
    String blank = "";
    for (Results results : sweeps) {
      out.print(blank);
      print(results, out);
      blank = "\n";
    }
  }

  private static void print(Results results, PrintStream out) {
    List<String> keys = Cells.keys(results);
    Map<String, Integer> bests = new LinkedHashMap<>();
    results.metrics().forEach(metric -> bests.put(metric, results.marked(metric).orElse(-1)));
    boolean states = !results.averages() && !Cells.whole(results);
    out.print(heads(results, keys, states));
    for (Setting setting : results.settings()) {
      List<String> cells = new ArrayList<>();
      keys.forEach(key -> cells.add(text(Cells.key(setting.overrides(), key))));
      if (results.averages()) {
        cells.add(Cells.points(setting));
      } else if (states) {
        cells.add(setting.outcomes().get(0).state().shown());
      }
      bests.forEach((metric, best) -> cells.add(value(results, setting, metric, best)));
      out.print(line(cells));
    }
    out.print("\n" + text(results.points().group()) + "\n\n");
    new Remarks(results, PLUS_MINUS).all().forEach(said -> out.print("- " + text(said) + "\n"));
  }

  private static String heads(Results results, List<String> keys, boolean states) {
    Map<String, String> names = Axes.all(results.points()).names();
    List<String> heads = new ArrayList<>();
    List<String> rules = new ArrayList<>();
    keys.forEach(key -> heads.add(text(names.getOrDefault(key, key))));
    if (results.averages() || states) {
      heads.add(results.averages() ? "points" : "state");
    }
    heads.forEach(head -> rules.add("---"));
    results.metrics().forEach(metric -> heads.add(text(metric)));
    results.metrics().forEach(metric -> rules.add("--:"));
    return line(heads) + "|" + String.join("|", rules) + "|\n";
  }

  private static String value(Results results, Setting setting, String metric, int best) {
    String value = Cells.value(results, setting, metric, PLUS_MINUS);
    return setting.index() == best ? "**" + value + "**" : value;
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  /** The text on one line, and nothing but text. */
  static String text(String raw) {
    StringBuilder text = new StringBuilder();
    for (char c : HumanFormat.plain(raw).toCharArray()) {
      text.append(SPECIAL.indexOf(c) < 0 ? "" : "\\").append(c);
    }
    return text.toString().replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;");
  }
}
