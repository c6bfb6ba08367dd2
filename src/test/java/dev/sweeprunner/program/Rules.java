package dev.sweeprunner.program;

import dev.sweeprunner.run.ProgramRules;
import java.time.Duration;
import java.util.Map;

/** Rules as they are packed, but for what a test is about. */
final class Rules {
  private Rules() {}

  static ProgramRules of(Duration silence, Duration hang) {
    return of("", false, silence, hang);
  }

  /** Programs that start there. */
  static ProgramRules in(String cwd, boolean perRun) {
    return of(cwd, perRun, Duration.ofMinutes(10), Duration.ZERO);
  }

  private static ProgramRules of(String cwd, boolean perRun, Duration silence, Duration hang) {
    return new ProgramRules(
        "python",
        cwd,
        perRun,
        ProgramRules.Folder.SHARED,
        1 << 30,
        true,
        "TERM",
        Duration.ofSeconds(30),
        silence,
        hang,
        Duration.ofSeconds(60),
        "",
        false,
        1 << 20,
        Map.of(),
        Map.of(),
        true);
  }
}
