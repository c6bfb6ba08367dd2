package dev.sweeprunner.run.judge;

import java.time.Duration;

/**
 * Why a verdict is what it is.
 *
 * @param fact one sentence
 * @param source where the fact was read: {@code config}, {@code claim log slot 4}, {@code W&B}
 * @param age how old the fact is
 * @param wayOut what would change the verdict, one sentence; empty where nothing would
 */
public record Because(String fact, String source, Duration age, String wayOut) {
  /** A fact read just now. */
  static Because now(String fact, String source, String wayOut) {
    return new Because(fact, source, Duration.ZERO, wayOut);
  }
}
