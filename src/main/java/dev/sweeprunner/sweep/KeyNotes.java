package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** What becomes of each key of W&amp;B's schema: used, or named with the reason why not. */
final class KeyNotes {
  private static final List<String> USED =
      List.of("method", "name", "project", "entity", "command", "parameters", "description");

  /** What a file says about itself. */
  private static final List<String> SILENT = List.of("apiVersion", "kind");

  /** What a program's sweep uses and the built-in trainer does not. */
  private static final List<String> OF_A_PROGRAM = List.of("program", "metric", "run_cap");

  private static final Map<String, String> NOT_USED = notUsed();
  private static final Map<String, String> OF_METRIC = ofMetric();

  private KeyNotes() {}

  private static Map<String, String> notUsed() {
    String launch = "W&B Launch is not asked, the program is started here";
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("early_terminate", "every point runs to its end, nothing compares them meanwhile");
    reasons.put("controller", "the workers share out the points by themselves");
    reasons.put("image_uri", launch);
    reasons.put("job", launch);
    reasons.put("scheduler", "no optimizer chooses points, they stand in the file");
    reasons.put("metrics", "nothing is optimized, the points stand in the file");
    return reasons;
  }

  private static Map<String, String> ofMetric() {
    String bayes = "only method: bayes needs a value for runs that gave none";
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("target", "the sweep ends when all points are finished");
    reasons.put("impute", bayes);
    reasons.put("impute_while_running", bayes);
    return reasons;
  }

  /** Names of what the built-in trainer does not use. */
  static List<String> unused(TopLevel top, boolean commandSaysMore) {
    List<String> names = new ArrayList<>();
    for (String key : top.entries().keySet()) {
      if (OF_A_PROGRAM.contains(key) || NOT_USED.containsKey(key)) {
        names.add(key);
      } else if (key.equals("command") && commandSaysMore) {
        names.add("command (beyond its TOML)");
      }
    }
    return List.copyOf(names);
  }

  /** What a program's sweep does not use, a line each with the reason. */
  static List<String> notes(TopLevel top) {
    List<String> notes = new ArrayList<>();
    for (YamlMap.Entry entry : top.entries().values()) {
      String reason = NOT_USED.get(entry.key());
      if (reason != null) {
        notes.add(note(top, entry, entry.key(), reason));
      } else if (entry.key().equals("metric")) {
        notes.addAll(metricNotes(top, entry));
      }
    }
    return List.copyOf(notes);
  }

  private static List<String> metricNotes(TopLevel top, YamlMap.Entry metric) {
    if (!(metric.value() instanceof MappingNode map)) {
      return List.of(note(top, metric, "metric", "it is no map with a name"));
    }
    List<String> notes = new ArrayList<>();
    for (YamlMap.Entry entry : YamlMap.entries(top.document(), map).values()) {
      String reason = OF_METRIC.get(entry.key());
      if (reason != null) {
        notes.add(note(top, entry, "metric." + entry.key(), reason));
      }
    }
    return notes;
  }

  private static String note(TopLevel top, YamlMap.Entry entry, String key, String reason) {
    return top.document().path() + ":" + entry.line() + ": " + key + " is not used: " + reason;
  }

  /** One line for each key that the schema lacks. */
  static List<String> unknown(TopLevel top) {
    List<String> known = new ArrayList<>(USED);
    known.addAll(OF_A_PROGRAM);
    known.addAll(NOT_USED.keySet());
    known.addAll(SILENT);
    List<String> lines = new ArrayList<>();
    for (YamlMap.Entry entry : top.entries().values()) {
      if (!known.contains(entry.key())) {
        lines.add(unknown(top, entry, "", known));
      } else if (entry.key().equals("metric") && entry.value() instanceof MappingNode map) {
        List<String> ofMetric = new ArrayList<>(List.of("name", "goal"));
        ofMetric.addAll(OF_METRIC.keySet());
        YamlMap.entries(top.document(), map).values().stream()
            .filter(member -> !ofMetric.contains(member.key()))
            .forEach(member -> lines.add(unknown(top, member, "metric.", ofMetric)));
      }
    }
    return List.copyOf(lines);
  }

  private static String unknown(
      TopLevel top, YamlMap.Entry entry, String prefix, List<String> known) {
    return top.document().path()
        + ":"
        + entry.line()
        + ": the key "
        + prefix
        + entry.key()
        + " is unknown and ignored"
        + Nearest.to(entry.key(), known).map(k -> "; did you mean " + prefix + k + "?").orElse("");
  }

  /** The metric, or null where there is none with a name. */
  static @Nullable Metric metric(TopLevel top) {
    YamlMap.Entry metric = top.entries().get("metric");
    if (metric == null || !(metric.value() instanceof MappingNode map)) {
      return null;
    }
    Map<String, YamlMap.Entry> entries = YamlMap.entries(top.document(), map);
    YamlMap.Entry name = entries.get("name");
    if (name == null || !(name.value() instanceof ScalarNode scalar)) {
      return null;
    }
    YamlMap.Entry goal = entries.get("goal");
    boolean maximize = goal != null && Ranges.text(goal).equals("maximize");
    return new Metric(scalar.getValue(), maximize ? Metric.Goal.MAXIMIZE : Metric.Goal.MINIMIZE);
  }
}
