package dev.sweeprunner.run;

import dev.sweeprunner.run.Narrator.Outcome;

/** Tells nobody anything: every claim is ours, every word is dropped. */
final class SilentTelemetry implements Telemetry {
  private static final Feed SILENT =
      new Feed() {
        @Override
        public void row(Row row) {}

        @Override
        public void covered(Ledger safe) {}

        @Override
        public void line(String line) {}

        @Override
        public boolean stopRequested() {
          return false;
        }

        @Override
        public void ended(Outcome outcome, String detail) {}
      };

  @Override
  public Announcement announce(ClaimedRun run, boolean local) {
    return new Announcement.Ours();
  }

  @Override
  public Feed begin(ClaimedRun run, Ledger safe) {
    return SILENT;
  }
}
