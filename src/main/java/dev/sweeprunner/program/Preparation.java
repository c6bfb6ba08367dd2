package dev.sweeprunner.program;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.ProgramConfig;
import dev.sweeprunner.program.evidence.CheckpointWatch;
import dev.sweeprunner.program.evidence.EvidenceOptions;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.launch.Launch;
import dev.sweeprunner.program.launch.LaunchOrder;
import dev.sweeprunner.program.launch.LaunchOrder.Call;
import dev.sweeprunner.program.state.Mode;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.program.state.StillCopy;
import dev.sweeprunner.program.state.WorkFolders;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a program starts: its folders, its command line and its environment. Belongs
 * to one thread.
 */
final class Preparation {
  private static final int LONGEST_NAME = 120;

  /** Where nobody says whose a run is, and no account is asked. */
  private static final String NO_ENTITY = "local";

  private final ProgramSite site;
  private final Points points;
  private final ProgramRules rules;
  private final Path working;
  private final WorkFolders folders;
  private final EvidenceOptions evidence;

  Preparation(ProgramSite site, Points points, ProgramRules rules, Places places) {
    this.site = site;
    this.points = points;
    this.rules = rules;
    this.working = working(site, call(points, rules).program(), rules.cwd(), places);
    this.folders = new WorkFolders(site.files(), site.layout());
    this.evidence = EvidenceOptions.of("program", rules.evidence());
  }

  /**
   * Where programs start: what the user says; else where the program is found from, the worker's
   * own folder first and then those above the sweep file; else the worker's own.
   */
  private static Path working(
      ProgramSite site, @Nullable String program, String wish, Places places) {
    Path own = site.workingDirectory();
    if (!wish.isEmpty()) {
      return own.resolve(wish).normalize();
    }
    if (program == null || Path.of(program).isAbsolute()) {
      return own;
    }
    return places.roots().stream()
        .filter(root -> Files.isRegularFile(root.resolve(program).normalize()))
        .findFirst()
        .orElse(own);
  }

  /** What the sweep file calls. */
  Call call() {
    return call(points, rules);
  }

  private static Call call(Points points, ProgramRules rules) {
    SweepFile.Program said = points.sweep().program();
    List<SweepFile.Reference> command = said.command();
    return new Call(
        said.program() == null ? null : said.program().text(),
        command == null ? null : command.stream().map(SweepFile.Reference::text).toList(),
        rules.interpreter());
  }

  /** Where programs start that have no folder of their own. */
  Path working() {
    return working;
  }

  /** How it shows its rows, its checkpoints and its end. */
  EvidenceOptions evidence() {
    return evidence;
  }

  /** Whether claims have folders of their own where nothing of a run says otherwise. */
  boolean copies() {
    return switch (rules.folder()) {
      case SHARED -> false;
      case COPY -> true;
      case AUTO -> evidence.copyable();
    };
  }

  /** A run that has begun in one folder for all claims stays there, unless the user says so. */
  private Mode mode(ClaimedRun run, @Nullable ProgramState base) {
    boolean own = copies();
    if (own && rules.folder() == ProgramRules.Folder.AUTO) {
      boolean pipeline = run.point().config() instanceof BuiltinConfig;
      own = base == null ? !pipeline && !begunInOne(run) : base.mode() == Mode.COPY;
    }
    return own ? Mode.COPY : Mode.SHARED;
  }

  private boolean begunInOne(ClaimedRun run) {
    try {
      return !site.files().list(site.layout().work(run.point().key())).isEmpty();
    } catch (IOException none) {
      return false;
    }
  }

  /**
   * The folders of a claim.
   *
   * @param base the published state that it goes on from, or null
   */
  Folders folders(ClaimedRun run, @Nullable ProgramState base) {
    boolean pipeline = run.point().config() instanceof BuiltinConfig;
    return Folders.of(
        site.layout(),
        run.point().key(),
        run.claim().epoch(),
        mode(run, base),
        pipeline,
        rules.cwdPerRun() ? null : working);
  }

  /** Makes the folders of a claim; in mode copy with the published state in them. */
  void make(ClaimedRun run, Folders made, @Nullable ProgramState base) throws IOException {
    if (made.mode() == Mode.COPY) {
      folders.renew(run.point().key(), run.claim().epoch(), base);
    } else {
      site.files().makeFolders(made.out());
    }
    if (rules.cwdPerRun()) {
      site.files().makeFolders(made.working());
    }
  }

  /** Copies a claim's folder as it is when a checkpoint is found in it. */
  StillCopy copy(ClaimedRun run, Folders made, Found found, int number) throws IOException {
    Path to = folders.still(run.point().key(), run.claim().epoch());
    site.files().makeFolders(to);
    return StillCopy.make(
        site.files(),
        made.out(),
        to.resolve(Integer.toString(number)),
        found.path(),
        () -> CheckpointWatch.changed(found.path()).filter(found.changed()::equals).isPresent());
  }

  /** Where its programs log to, unless the user has said for them where W&amp;B is. */
  Optional<Relay> relay() {
    return rules.relayed() ? site.relay() : Optional.empty();
  }

  /** Where a run belongs at W&amp;B, whatever its program asks for. */
  Relay.Names names(Point point) {
    String own = site.environment().getOrDefault("WANDB_ENTITY", "");
    String entity = points.sweep().entity();
    return new Relay.Names(
        entity != null ? entity : own.isEmpty() ? NO_ENTITY : own,
        project(),
        points.group(),
        name(point));
  }

  /**
   * The start of a claim's program, with its parameter files written.
   *
   * @param relay what leads its W&amp;B client here; empty for none
   */
  Launch.Start start(ClaimedRun run, Folders made, String token, Map<String, String> relay)
      throws IOException {
    Point point = run.point();
    return new Launch(site.files())
        .start(
            new LaunchOrder(
                parameters(point),
                call(),
                new LaunchOrder.Names(
                    point.runId(), project(), points.sweep().entity(), points.group(), name(point)),
                new LaunchOrder.Place(
                    run.claim().epoch(),
                    token,
                    made.working(),
                    made.out(),
                    made.parameters(),
                    made.metrics()),
                new LaunchOrder.Surroundings(
                    site.environment(),
                    site.wandbMode(),
                    Optional.of(rules.sweepId()).filter(id -> !id.isEmpty()),
                    rules.keepSlurm(),
                    rules.env(),
                    relay)));
  }

  /** Where the file names none, the user's own word stands above the folder's name. */
  private String project() {
    String own = site.environment().getOrDefault("WANDB_PROJECT", "");
    return points.sweep().projectGiven() || own.isEmpty() ? points.project() : own;
  }

  private static Map<String, @Nullable Object> parameters(Point point) {
    return point.config() instanceof ProgramConfig config ? config.parameters() : point.overrides();
  }

  /** What varies, for people: {@code lr=0.1 seed=2}. */
  private String name(Point point) {
    List<String> parts = new ArrayList<>();
    for (String key : points.varied()) {
      if (point.overrides().containsKey(key)) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        parts.add(last + "=" + point.overrides().get(key));
      }
    }
    String name = parts.isEmpty() ? point.runId() : String.join(" ", parts);
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
  }
}
