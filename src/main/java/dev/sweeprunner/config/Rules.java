package dev.sweeprunner.config;

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
  static @Nullable String broken(Cells cells) {
    String reason = compartments(cells);
    reason = reason == null ? ratio(cells) : reason;
    reason = reason == null ? bins(cells, TRAIN_BINS) : reason;
    reason = reason == null ? bins(cells, VAL_BINS) : reason;
    return reason == null ? tying(cells) : reason;
  }

  /** What is wrong with {@code experiment.max_compartments} on its own, or null. */
  static @Nullable String mostCompartments(Cells cells) {
    if (cells.value(MOST_COMPARTMENTS) == null) {
      return MOST_COMPARTMENTS.key() + " is not set; it is required and greater than 0";
    }
    return cells.whole(MOST_COMPARTMENTS) > 0
        ? null
        : is(cells, MOST_COMPARTMENTS) + "; it must be greater than 0";
  }

  private static @Nullable String compartments(Cells cells) {
    String reason = mostCompartments(cells);
    if (reason != null) {
      return reason;
    }
    if (cells.whole(COMPARTMENTS) < 1) {
      return is(cells, COMPARTMENTS) + "; it must be at least 1";
    }
    return cells.whole(COMPARTMENTS) <= cells.whole(MOST_COMPARTMENTS)
        ? null
        : is(cells, COMPARTMENTS) + ", but " + is(cells, MOST_COMPARTMENTS);
  }

  private static @Nullable String ratio(Cells cells) {
    double ratio = cells.number(RATIO);
    if (ratio < 0) {
      return is(cells, RATIO) + "; it must not be negative";
    }
    if (ratio > 1 && cells.text(RATIO_MODE).equals("absolute")) {
      return is(cells, RATIO) + "; in mode absolute it is at most 1";
    }
    return ratio > 0 && cells.whole(COMPARTMENTS) < 2
        ? is(cells, RATIO) + " and " + is(cells, COMPARTMENTS) + "; translation needs at least 2"
        : null;
  }

  private static @Nullable String bins(Cells cells, Field field) {
    List<String> bins = cells.texts(field);
    if (bins == null) {
      return null;
    }
    if (bins.size() != cells.whole(COMPARTMENTS)) {
      return field.key() + " has " + bins.size() + " entries, but " + is(cells, COMPARTMENTS);
    }
    return field.equals(TRAIN_BINS) && tied(cells)
        ? field.key() + " is given and " + is(cells, TYING_MODE) + "; they exclude each other"
        : null;
  }

  private static @Nullable String tying(Cells cells) {
    double ratio = cells.number(TYING_RATIO);
    if (ratio < 0 || ratio > 1) {
      return is(cells, TYING_RATIO) + "; it must be from 0 to 1";
    }
    if (tied(cells) && cells.whole(COMPARTMENTS) < 2) {
      return is(cells, TYING_MODE) + " and " + is(cells, COMPARTMENTS) + "; tying needs at least 2";
    }
    boolean shared = cells.truth(SHARED) || cells.truth(MODEL_SHARED);
    return shared && cells.truth(WEIGHT_TYING)
        ? "shared_token_embeddings and "
            + WEIGHT_TYING.key()
            + " are both true; they exclude each"
            + " other"
        : null;
  }

  private static boolean tied(Cells cells) {
    return !cells.text(TYING_MODE).equals("none");
  }

  private static String is(Cells cells, Field field) {
    Object value = cells.value(field);
    return field.key() + " is " + (value instanceof Double d ? PythonFloat.repr(d) : value);
  }
}
