package dev.sweeprunner.bench;

import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.claim.Surroundings;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.ProcProcesses;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.host.ThisProcess;
import dev.sweeprunner.journal.DirectoryJournal;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The real claims, wired as a worker wires them. */
final class Bench {
  private Bench() {}

  /** Claims of one worker of this process under a storage root; they beat every half minute. */
  static Claims claims(Path root, String worker) {
    ThisProcess self = ThisProcess.read(Environment.ofThisProcess());
    return new DirectoryClaims(
        new Layout(root),
        new LocalFiles(),
        self.owner(worker, "local", "cpu", null),
        ClaimSettings.of(Duration.ofMinutes(10), Duration.ofSeconds(30)),
        new Surroundings(
            new SystemClock(), pause -> {}, new ProcProcesses(self), Trace.OFF, List::of));
  }

  /** The runs' journals under a storage root. */
  static Journal journal(Path root) {
    ThisProcess self = ThisProcess.read(Environment.ofThisProcess());
    return new DirectoryJournal(
        new LocalFiles(),
        new Layout(root),
        self.owner("bench", "local", "cpu", null),
        () -> new Provenance(null, "", Map.of()),
        new SystemClock(),
        Trace.OFF);
  }

  /** A figure for the script that started this process. */
  static void print(String name, double value) {
    System.out.println(name + "\t" + value);
  }
}
