package dev.sweeprunner.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all points of a sweep share, and how one is made of its index: by the pipeline of the
 * built-in trainer, or of the parameters alone. Immutable; safe for all threads.
 */
interface PointTemplate {
  /** How many points. */
  long size();

  /** Canonical JSON of a point's config: its identity. */
  byte[] canonicalJson(int index);

  /** A point's config, its seed, and why it can never run. */
  Made make(int index);

  /** The seed in the name of a point's folder, or null. */
  @Nullable Long seed(int index);

  /** What a point changes: dotted key to value. */
  Map<String, @Nullable Object> overrides(int index);

  /** The dotted keys of {@link #overrides}, in their order. */
  List<String> keys();

  /** Those of {@link #keys} that take more than one value. */
  List<String> varied();

  /** What one unit of their work is. */
  String workUnit();

  /** One line each. */
  List<String> warnings();

  /**
   * One point as made.
   *
   * @param seed in the name of its folder, or null
   * @param broken why it can never run, or null
   */
  record Made(RunConfig config, @Nullable Long seed, @Nullable String broken) {}
}
