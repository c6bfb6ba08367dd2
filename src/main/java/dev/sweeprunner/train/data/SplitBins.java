package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a config says of the tokens of training, or of validation: one pattern for all compartments,
 * or an entry for each.
 *
 * @param name {@code train} or {@code val}
 * @param key of the one pattern
 * @param pattern the one, or null where there are entries
 * @param entries patterns and synthetic tokens, by compartment; empty where there is one pattern
 */
record SplitBins(String name, String key, @Nullable String pattern, List<String> entries) {
  private static final String TRAIN = "train";

  static SplitBins training(BuiltinConfig config) {
    BuiltinConfig.Data data = config.data();
    return of(TRAIN, data.trainBin(), data.compartmentTrainBins()).orElseThrow();
  }

  /** Empty if there are no validation data. */
  static Optional<SplitBins> validation(BuiltinConfig config) {
    BuiltinConfig.Data data = config.data();
    return of("val", data.valBin(), data.compartmentValBins());
  }

  private static Optional<SplitBins> of(
      String name, @Nullable String pattern, @Nullable List<String> entries) {
    if (entries != null) {
      return Optional.of(new SplitBins(name, "data.compartment_" + name + "_bins", null, entries));
    }
    return Optional.ofNullable(pattern)
        .filter(p -> !p.isBlank() || name.equals(TRAIN))
        .map(p -> new SplitBins(name, "data." + name + "_bin", p, List.of()));
  }

  /** Whether each compartment has tokens of its own. */
  boolean each() {
    return pattern == null;
  }

  /** All patterns of files, by the words that name their place in the config. */
  Map<String, String> patterns() {
    Map<String, String> patterns = new LinkedHashMap<>();
    if (pattern != null) {
      patterns.put(key, pattern);
    }
    for (int i = 0; i < entries.size(); i++) {
      if (!entries.get(i).startsWith(SyntheticTokens.PREFIX)) {
        patterns.put(key + "[" + i + "]", entries.get(i));
      }
    }
    return patterns;
  }
}
