package dev.sweeprunner.testkit;

import dev.sweeprunner.checkpoint.CheckpointInspection;
import dev.sweeprunner.claim.ClaimPorts;
import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.claim.LogInspection;
import dev.sweeprunner.cli.AuditCommand;
import dev.sweeprunner.cli.ExplainCommand;
import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.LookedAt;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.journal.DirectoryJournal;
import dev.sweeprunner.journal.RunFolders;
import dev.sweeprunner.journal.RunInspection;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Inspection.Depth;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.audit.Audit;
import dev.sweeprunner.run.audit.Inventory;
import dev.sweeprunner.run.audit.Subject;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Survey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands that look, over a real storage root, wired as the program does. */
public final class AuditedRoot {
  private final List<Points> sweeps;
  private final LookPorts ports;
  private final RunFolders folders;
  private final Audit audit;
  private final SettableClock clock = new SettableClock();

  /** A storage root, audited for these sweeps; for everything in it where there are none. */
  public AuditedRoot(Path root, List<Points> sweeps) {
    this(root, sweeps, Registry.disabled());
  }

  /** As above, where W&amp;B says this. */
  public AuditedRoot(Path root, List<Points> sweeps, Registry registry) {
    FileSystem files = new LocalFiles();
    Layout layout = new Layout(root);
    Owner owner = Situations.owner("observer");
    Claims claims =
        new DirectoryClaims(
            layout,
            files,
            owner,
            ClaimSettings.DEFAULT.observing(),
            new ClaimPorts(
                clock, pause -> {}, other -> Processes.Verdict.UNKNOWN, Trace.OFF, List::of));
    Journal journal =
        new DirectoryJournal(
            files, layout, owner, () -> new Provenance(null, "", Map.of()), clock, Trace.OFF);
    Training training = new IdleTraining(new Training.Size(3_000, 1_000), null);
    Observer observer =
        new Observer(
            claims,
            registry,
            Scheduler.none(),
            training,
            clock,
            new Judge(Situations.POLICY),
            true);
    Survey survey = new Survey(observer, journal);
    this.sweeps = sweeps;
    this.folders = new RunFolders(layout);
    this.ports =
        new LookPorts(
            claims,
            observer,
            survey,
            new ToldWorkers(),
            clock,
            Duration.ofMinutes(10),
            HomeCluster.everywhere(),
            new LookedAt(root, true, () -> LookedAt.There.RUNS));
    this.audit =
        new Audit(
            new Audit.Ports(
                new LogInspection(layout, files),
                new RunInspection(layout, files),
                new CheckpointInspection(layout, files, List.of("optimizer.safetensors")),
                observer,
                survey,
                registry,
                "local",
                pause -> {}));
  }

  /** What an audit finds. */
  public List<Finding> findings(Depth depth) {
    Inventory inventory = audit.inventory(sweeps);
    List<Finding> findings = new ArrayList<>(inventory.findings());
    for (Subject subject : inventory.subjects()) {
      findings.addAll(audit.look(subject, depth).findings());
    }
    return findings;
  }

  /** What {@code audit} prints. */
  public String print(OutputFormat format, ExitCode expected) {
    Captured printed = new Captured();
    Screen screen = new Screen(printed.out(), false, false, 200);
    AuditCommand command =
        new AuditCommand(audit, sweeps, clock, Optional::empty, ports.root(), screen);
    ExitCode code = command.run(format, Depth.ALL);
    if (code != expected) {
      throw new AssertionError(code + " instead of " + expected + ": " + printed.text());
    }
    return printed.text();
  }

  /** What {@code explain} prints of a run. */
  public String explain(String runId) {
    Captured printed = new Captured();
    Screen screen = new Screen(printed.out(), false, false, 2_000);
    new ExplainCommand(
            sweeps,
            ports,
            folders::find,
            (key, point) -> audit.look(audit.subject(key, point), Depth.ROWS).findings(),
            screen)
        .run(runId);
    return printed.text();
  }
}
