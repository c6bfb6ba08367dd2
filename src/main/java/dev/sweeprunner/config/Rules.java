package dev.sweeprunner.config;

import dev.sweeprunner.python.PythonFloat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules that a whole config obeys; a broken one makes its point invalid, nothing else. */
final class Rules {
  private static final Field COMPARTMENTS = Schema.field("experiment.n_compartments");
  private static final Field MOST_COMPARTMENTS = Schema.field("experiment.max_compartments");
  private static final Field RATIO = Schema.field("experiment.translation_ratio");
  private static final Field RATIO_MODE = Schema.field("experiment.translation_ratio_mode");
  private static final Field TRAIN_BINS = Schema.field("data.compartment_train_bins");
  private static final Field VAL_BINS = Schema.field("data.compartment_val_bins");
  private static final Field TYING_MODE = Schema.field("experiment.token_tying_mode");
  private static final Field TYING_RATIO = Schema.field("experiment.token_tying_ratio");
  private static final Field SHARED = Schema.field("experiment.shared_token_embeddings");
  private static final Field MODEL_SHARED = Schema.field("model.shared_token_embeddings");
  private static final Field WEIGHT_TYING = Schema.field("model.weight_tying");

  private Rules() {}

  /** The first broken rule with key and value, or null. */
  static @Nullable String broken(ConfigValues values) {
    String reason = compartments(values);
    reason = reason == null ? ratio(values) : reason;
    reason = reason == null ? bins(values, TRAIN_BINS) : reason;
    reason = reason == null ? bins(values, VAL_BINS) : reason;
    return reason == null ? tying(values) : reason;
  }

  /** What is wrong with {@code experiment.max_compartments} on its own, or null. */
  static @Nullable String mostCompartments(ConfigValues values) {
    if (values.value(MOST_COMPARTMENTS) == null) {
      return MOST_COMPARTMENTS.key() + " is not set; it is required and greater than 0";
    }
    return values.whole(MOST_COMPARTMENTS) > 0
        ? null
        : is(values, MOST_COMPARTMENTS) + "; it must be greater than 0";
  }

  private static @Nullable String compartments(ConfigValues values) {
    String reason = mostCompartments(values);
    if (reason != null) {
      return reason;
    }
    if (values.whole(COMPARTMENTS) < 1) {
      return is(values, COMPARTMENTS) + "; it must be at least 1";
    }
    return values.whole(COMPARTMENTS) <= values.whole(MOST_COMPARTMENTS)
        ? null
        : is(values, COMPARTMENTS) + ", but " + is(values, MOST_COMPARTMENTS);
  }

  private static @Nullable String ratio(ConfigValues values) {
    double ratio = values.number(RATIO);
    if (ratio < 0) {
      return is(values, RATIO) + "; it must not be negative";
    }
    if (ratio > 1 && values.text(RATIO_MODE).equals("absolute")) {
      return is(values, RATIO) + "; in mode absolute it is at most 1";
    }
    return ratio > 0 && values.whole(COMPARTMENTS) < 2
        ? is(values, RATIO) + " and " + is(values, COMPARTMENTS) + "; translation needs at least 2"
        : null;
  }

  private static @Nullable String bins(ConfigValues values, Field field) {
    List<String> bins = values.texts(field);
    if (bins == null) {
      return null;
    }
    if (bins.size() != values.whole(COMPARTMENTS)) {
      return field.key() + " has " + bins.size() + " entries, but " + is(values, COMPARTMENTS);
    }
    return field.equals(TRAIN_BINS) && tied(values)
        ? field.key() + " is given and " + is(values, TYING_MODE) + "; they exclude each other"
        : null;
  }

  private static @Nullable String tying(ConfigValues values) {
    double ratio = values.number(TYING_RATIO);
    if (ratio < 0 || ratio > 1) {
      return is(values, TYING_RATIO) + "; it must be from 0 to 1";
    }
    if (tied(values) && values.whole(COMPARTMENTS) < 2) {
      return is(values, TYING_MODE)
          + " and "
          + is(values, COMPARTMENTS)
          + "; tying needs at least 2";
    }
    boolean shared = values.truth(SHARED) || values.truth(MODEL_SHARED);
    return shared && values.truth(WEIGHT_TYING)
        ? "shared_token_embeddings and "
            + WEIGHT_TYING.key()
            + " are both true; they exclude each"
            + " other"
        : null;
  }

  private static boolean tied(ConfigValues values) {
    return !values.text(TYING_MODE).equals("none");
  }

  private static String is(ConfigValues values, Field field) {
    Object value = values.value(field);
    return field.key() + " is " + (value instanceof Double d ? PythonFloat.repr(d) : value);
  }
}
