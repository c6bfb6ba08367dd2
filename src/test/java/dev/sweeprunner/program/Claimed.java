package dev.sweeprunner.program;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.ScriptedTraining;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Claimed runs of programs, of which none is started. */
final class Claimed {
  private Claimed() {}

  /** A program's points of a sweep that is written first. */
  static Points points(Path file, String yaml) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, yaml);
    SweepFile sweep = SweepFileReader.read(file, Map.of());
    return Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
  }

  /** A new worker claims the first point that is free, whose last owner is dead. */
  static ClaimedRun first(Path storage, Points points) {
    return new Life(
            storage,
            points,
            Trace.OFF,
            0,
            Telemetry.OFF,
            new ScriptedTraining(run -> ScriptedTraining.Fate.COMPLETES),
            ScriptedTraining.format(),
            Optional::empty)
        .claim()
        .orElseThrow();
  }

  /** What programs are run with by a worker in this folder. */
  static ProgramSite site(Path storage, Path workingDirectory, Map<String, String> environment) {
    return new ProgramSite(
        new LocalFiles(),
        new Layout(storage),
        new SettableClock(),
        time -> {},
        environment,
        workingDirectory,
        Duration.ofMinutes(5),
        Optional.empty(),
        Optional.empty());
  }
}
