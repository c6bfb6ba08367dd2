package dev.sweeprunner.relay.rows;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run's config tells of how its program logs; the client writes it in there some seconds
 * after the program has shown it.
 *
 * @param explicit whether it has named a step itself
 * @param axis the metric that most of its metrics are charted over, or null
 * @param summarized metrics of which the summary is not the newest value
 */
record Signs(boolean explicit, @Nullable String axis, Set<String> summarized) {
  /** Nothing is known. */
  static final Signs NONE = new Signs(false, null, Set.of());

  /** It names steps. */
  static final Signs NAMES_STEPS = new Signs(true, null, Set.of());

  /** The client's number for "has named a step". */
  private static final long NAMED_A_STEP = 61;

  private static final String NAME = "1";
  private static final String STEP_METRIC = "5";
  private static final String SUMMARY = "7";

  /** Reads a config as the client sends it; what is not there, or unreadable, tells nothing. */
  static Signs of(String config) {
    try {
      Fields root = Fields.of(config.getBytes(StandardCharsets.UTF_8));
      Fields wandb = root.objectOrNull("_wandb");
      Fields value = wandb == null ? null : wandb.objectOrNull("value");
      return value == null ? NONE : of(value);
    } catch (UnreadableJson none) {
      return NONE;
    }
  }

  private static Signs of(Fields value) throws UnreadableJson {
    Fields telemetry = value.objectOrNull("t");
    boolean explicit =
        telemetry != null
            && telemetry.members().get("3") instanceof List<?> features
            && features.contains(NAMED_A_STEP);
    List<Fields> metrics =
        value.members().get("m") instanceof List<?> ? value.objects("m") : List.of();
    Set<String> summarized = new LinkedHashSet<>();
    for (Fields metric : metrics) {
      if (metric.members().get(SUMMARY) instanceof List<?> ways && !ways.isEmpty()) {
        summarized.add(metric.textOr(NAME, ""));
      }
    }
    return new Signs(explicit, axis(metrics), summarized);
  }

  /** Step metrics are named by their place in the list, from 1. */
  private static @Nullable String axis(List<Fields> metrics) {
    Map<String, Integer> uses = new HashMap<>();
    String most = null;
    for (Fields metric : metrics) {
      if (metric.members().get(STEP_METRIC) instanceof Long place
          && place >= 1
          && place <= metrics.size()) {
        String name = metrics.get((int) (place - 1)).textOrNull(NAME);
        if (name != null) {
          int count = uses.merge(name, 1, Integer::sum);
          most = most == null || count > uses.getOrDefault(most, 0) ? name : most;
        }
      }
    }
    return most;
  }

  /** What either tells; the later one's axis counts. */
  Signs and(Signs later) {
    Set<String> both = new LinkedHashSet<>(summarized);
    both.addAll(later.summarized);
    return new Signs(
        explicit || later.explicit, later.axis == null ? axis : later.axis, Set.copyOf(both));
  }
}
