package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;

/**
 * Tells a tracking service about one run at a time. Never throws and never delays training: what it
 * cannot send it keeps.
 */
public interface Telemetry {
  /** A run was claimed and continues at {@code from}. */
  void began(Point point, int epoch, long from);

  /** A row was made; not yet covered by a publish. */
  void row(Row row);

  /** A publish covers all rows with step &lt; {@code iter}. */
  void covered(long iter);

  /** The run left this worker's hands; a superseded one sends nothing more. */
  void ended(Narrator.Outcome outcome);

  /** For workers that use no tracking service. */
  Telemetry OFF =
      new Telemetry() {
        @Override
        public void began(Point point, int epoch, long from) {}

        @Override
        public void row(Row row) {}

        @Override
        public void covered(long iter) {}

        @Override
        public void ended(Narrator.Outcome outcome) {}
      };
}
