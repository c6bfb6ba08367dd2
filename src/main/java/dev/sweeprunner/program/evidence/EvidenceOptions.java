package dev.sweeprunner.program.evidence;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user said about how a program shows its rows, its checkpoints and its end.
 *
 * @param metricsFile a file of JSON lines that the program writes anyhow; empty for none but {@code
 *     SWEEP_RUNNER_METRICS}
 * @param metricsPattern an {@link OutputPattern}; empty for none
 * @param below where relative names begin
 * @param checkpoints the rules, the first that finds something is kept; none for no checkpoints
 * @param finish what must hold besides exit 0
 */
public record EvidenceOptions(
    String metricsFile,
    String metricsPattern,
    Places.Root below,
    List<CheckpointRule> checkpoints,
    Finish finish) {
  private static final String METRICS_FILE = "metrics.file";
  private static final String METRICS_PATTERN = "metrics.pattern";
  private static final String BELOW = "below";
  private static final String LAYOUT = "checkpoint.layout";
  private static final String PATTERN = "checkpoint.pattern";
  private static final String READY = "checkpoint.ready";
  private static final String ITERATION = "checkpoint.iteration";
  private static final String FINISHED_FILE = "finished.file";
  private static final String FINISHED_JSON = "finished.json";
  private static final String FINISHED_STEP = "finished.step";
  private static final String FINISHED_METRIC = "finished.metric";

  /** All names that {@link #of} takes. */
  public static final List<String> NAMES =
      List.of(
          METRICS_FILE,
          METRICS_PATTERN,
          BELOW,
          LAYOUT,
          PATTERN,
          READY,
          ITERATION,
          FINISHED_FILE,
          FINISHED_JSON,
          FINISHED_STEP,
          FINISHED_METRIC);

  /**
   * What must hold besides exit 0; empty or null for nothing.
   *
   * @param file must be there
   * @param json a number in a JSON file
   * @param step that the rows must have come to: a number, or {@code total}
   * @param metric of the newest row
   */
  record Finish(String file, @Nullable Condition json, String step, @Nullable Condition metric) {
    boolean given() {
      return !file.isEmpty() || json != null || !step.isEmpty() || metric != null;
    }
  }

  /** Whether the user has said how a checkpoint is found. */
  public boolean ruled() {
    return checkpoints.size() == 1;
  }

  /** Whether checkpoints found so are in the program's own folder, so that a copy has them. */
  public boolean copyable() {
    return ruled() && below == Places.Root.OUT_DIR;
  }

  /**
   * Reads them from names to values; a value that is empty is as if not there.
   *
   * @param where the file or source they stand in, for errors
   * @throws UserError for a name that is none, with the nearest one, and for a value that is none
   */
  public static EvidenceOptions of(String where, Map<String, String> values) {
    for (String name : values.keySet()) {
      if (!NAMES.contains(name)) {
        throw unknown(where, name, NAMES);
      }
    }
    Words words = new Words(where, values);
    String pattern = words.of(METRICS_PATTERN);
    if (!pattern.isEmpty()) {
      OutputPattern.check(words.place(METRICS_PATTERN), pattern);
    }
    return new EvidenceOptions(
        words.of(METRICS_FILE), pattern, below(words), checkpoints(words), finish(words));
  }

  private static Places.Root below(Words words) {
    String text = words.of(BELOW);
    return switch (text) {
      case "", "out-dir" -> Places.Root.OUT_DIR;
      case "cwd" -> Places.Root.CWD;
      default -> throw unknown(words.place(BELOW), text, List.of("out-dir", "cwd"));
    };
  }

  private static List<CheckpointRule> checkpoints(Words words) {
    if (!words.of(PATTERN).isEmpty()) {
      return List.of(pattern(words));
    }
    for (String name : List.of(READY, ITERATION)) {
      if (!words.of(name).isEmpty()) {
        throw new UserError(
            words.place(name),
            "is about checkpoints, but none are named",
            "Give checkpoint.pattern too");
      }
    }
    String layout = words.of(LAYOUT);
    Map<String, CheckpointRule> known = CheckpointRule.known();
    if (layout.isEmpty() || layout.equals("auto")) {
      return List.copyOf(known.values());
    }
    if (layout.equals("none")) {
      return List.of();
    }
    CheckpointRule rule = known.get(layout);
    if (rule == null) {
      List<String> names = new ArrayList<>(known.keySet());
      names.add("auto");
      names.add("none");
      throw unknown(words.place(LAYOUT), layout, names);
    }
    return List.of(rule);
  }

  private static CheckpointRule pattern(Words words) {
    if (!words.of(LAYOUT).isEmpty()) {
      throw new UserError(
          words.place(LAYOUT), "and checkpoint.pattern are both given", "Keep one of them");
    }
    String ready = words.of(READY);
    String iteration = words.of(ITERATION);
    return new CheckpointRule(
        "pattern",
        List.of(PathPattern.of(words.place(PATTERN), words.of(PATTERN))),
        ready.isEmpty() ? Ready.SETTLED : Ready.of(words.place(READY), ready),
        iteration.isEmpty() ? null : JsonField.of(words.place(ITERATION), iteration));
  }

  private static Finish finish(Words words) {
    String json = words.of(FINISHED_JSON);
    String step = words.of(FINISHED_STEP);
    String metric = words.of(FINISHED_METRIC);
    if (!step.matches("|total|\\d{1,18}")) {
      throw new UserError(
          words.place(FINISHED_STEP), step + " is no step", "Write a whole number, or total");
    }
    Condition json1 = null;
    if (!json.isEmpty()) {
      json1 = Condition.of(words.place(FINISHED_JSON), json, "results.json:epoch >= 10");
      JsonField.of(words.place(FINISHED_JSON), json1.name());
    }
    return new Finish(
        words.of(FINISHED_FILE),
        json1,
        step,
        metric.isEmpty()
            ? null
            : Condition.of(words.place(FINISHED_METRIC), metric, "loss <= 3.5"));
  }

  private static UserError unknown(String where, String word, List<String> known) {
    String nearest = Nearest.to(word, known).map(name -> "Did you mean " + name + "? ").orElse("");
    return new UserError(
        where, word + " is not known here", nearest + "Write one of " + String.join(", ", known));
  }

  /** The values with their places. */
  private record Words(String where, Map<String, String> values) {
    Words {
      values = new LinkedHashMap<>(values);
    }

    String of(String name) {
      return Objects.requireNonNullElse(values.get(name), "").strip();
    }

    String place(String name) {
      return where + ": " + name;
    }
  }
}
