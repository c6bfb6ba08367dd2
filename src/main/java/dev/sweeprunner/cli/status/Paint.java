package dev.sweeprunner.cli.status;

import dev.sweeprunner.run.judge.State;

/** Colours on a terminal that wants them. */
final class Paint {
  private static final String PLAIN = "\u001B[0m";

  private Paint() {}

  /** The text in the colour of its state. */
  static String state(State state, String text) {
    String code =
        switch (state) {
          case FINISHED, ELSEWHERE -> "32";
          case CLAIMED, TRAINING -> "36";
          case SUSPENDED, PREEMPTED, STALE, WAITING, HELD -> "33";
          case FAILED, POISONED, INVALID, FOREIGN -> "31";
          case UNCLAIMED -> "2";
        };
    return coloured(code, text);
  }

  /** The text in the colour of a worker's life. */
  static String life(WorkerRow.Life life, String text) {
    return switch (life) {
      case LIVE -> coloured("36", text);
      case SILENT -> coloured("33", text);
      case GONE -> coloured("2", text);
    };
  }

  private static String coloured(String code, String text) {
    return "\u001B[" + code + "m" + text + PLAIN;
  }
}
