package dev.sweeprunner.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * No decision rests on a wall clock: it may be wrong by years, jump, and differ from host to host.
 * What decides is time watched on this process's own clock, {@code Clock.nanos}. Who may read or
 * compare wall times stands here, each with what for.
 */
final class WallClockRules {
  private static final Map<String, String> ALLOWED = new TreeMap<>();

  private static final Set<String> COMPARING =
      Set.of("isBefore", "isAfter", "compareTo", "until", "toEpochMilli", "getEpochSecond");

  static {
    forShow("claim.ClaimSite", "the time in a record");
    forShow(
        "claim.OwnerLife", "a beat's age by file time; a file's own times are compared as words");
    forShow(
        "host.ScalerSeat", "a beat's age by file time; a file's own times are compared as words");
    forShow("app.ScaleMode", "which profiles are paused");
    forShow("cli.ScaleCommand", "the time of day in a line");
    forShow("cli.ScaleJson", "how long something lasts");
    forShow("cli.Explanation", "how old a record is");
    forShow("cli.status.Roll", "how old a report is");
    forShow("cli.TimeOfDay", "the time of day in a line");
    forShow("page.Page", "when a look was made");
    forShow("journal.ClaimJournal", "the time in run.log");
    forShow("journal.FinishedRun", "the time in FINISHED.json");
    forShow("journal.MetaFolder", "the time in meta.json");
    forShow("program.guard.ProgramOutput", "the time of a row");
    forShow("relay.rows.History", "the time of a row that names none");
    forShow("run.work.Reporter", "the time in the worker file");
    forShow("run.work.RowTimestamps", "the time of a row");
    forShow("wandb.Wandb", "a part of a scratch name of `wandb check`");
    forShow("wandb.check.LifeBehaviours", "the server's times, with each other");
    forShow("wandb.check.LineBehaviours", "the time of a row");
    forShow("wandb.check.ProgramBehaviours", "the time of a row");
    forShow("wandb.offline.OfflineRecords", "the time in the file");
    forShow("wandb.telemetry.Contact", "the time of day in a line");
    forShow("wandb.telemetry.OfflineTelemetry", "the time in the file's name");
    forShow("wandb.telemetry.OnlineTelemetry", "when a run started");
    forShow("wandb.telemetry.SystemSample", "the time of a row");
    forShow("wandb.telemetry.Uplink", "the time of a line of the console");

    costsAQuestion("files.HostAnswers", "answers of this host; one from the future counts as none");
    costsAQuestion("slurm.Queue", "when it asked");
    costsAQuestion("slurm.SharedAnswer", "how old an answer of this host is");
    costsAQuestion("slurm.RootAnswer", "how old another host's answer is, or as long as watched");
    costsAQuestion("slurm.NodeState", "when it asked");
    costsAQuestion("host.UpstreamAnswers", "when it asked");
    costsAQuestion("wandb.registry.Askers", "this host's clock beside the file server's");
    costsAQuestion("wandb.registry.SharedAnswer", "how old an answer is, or as long as watched");
    costsAQuestion("wandb.api.Tokens", "a token is renewed before it ends");
    costsAQuestion("wandb.api.Pauses", "Retry-After as a date of the server's clock");
    costsAQuestion("wandb.api.Outage", "how long W&B's silence is remembered");
    costsAQuestion("wandb.api.Retries", "how long one question is tried");

    ofOneClock("program.DiskClock", "files beside rows of this host, once it knows their distance");
    ofOneClock("host.StaleWorkers", "files of one server; and they are watched before they go");
    ofOneClock("wandb.telemetry.Announcer", "two heartbeats by the server");
    ofOneClock("wandb.telemetry.RemoteStates", "a heartbeat and the answer's time, by the server");
    ofOneClock("wandb.registry.KnownRuns", "a heartbeat and the answer's time, by the server");
    ofOneClock("wandb.registry.StatesTopic", "a heartbeat by the server");

    shortens("run.scale.Times", "a pause outlives the scaler; none is believed for over an hour");
    forShow("run.scale.ScaleRound", "the time of a look; what it holds up, Times bounds");
    forShow("run.scale.Act", "the time of a submission, as of a look");
    shortens("run.judge.Observer", "a courtesy, and what a look that watched nothing shows");
    shortens("web.Progress", "health, which claims nothing");
    shortens("journal.TaskLogs", "how long an output file of a task is kept");
    shortens("host.SystemClock", "a hint to look at the time since boot");
  }

  private final Rooms rooms;

  WallClockRules(Rooms rooms) {
    this.rooms = rooms;
  }

  List<Rule> all() {
    return List.of(
        new Rule(
            "wall clock for show",
            noClasses()
                .that(DescribedPredicate.describe("have no leave to", this::notAllowed))
                .should()
                .accessTargetWhere(
                    DescribedPredicate.describe("read or compare wall times", this::usesWallTime))
                .because("clocks lie; watch with Clock.nanos instead")));
  }

  /** Those that have leave. */
  static Set<String> allowed() {
    return ALLOWED.keySet();
  }

  /** Whether a class makes use of such leave. */
  boolean uses(JavaClass type) {
    return type.getAccessesFromSelf().stream().anyMatch(this::usesWallTime)
        || type.getMethodReferencesFromSelf().stream().anyMatch(this::usesWallTime);
  }

  private boolean notAllowed(JavaClass type) {
    return rooms.holds(type) && !ALLOWED.containsKey(rooms.nameOf(type));
  }

  private boolean usesWallTime(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    return (owner.equals(rooms.root() + ".run.Clock") && name.equals("now"))
        || (owner.equals("java.time.Instant") && COMPARING.contains(name))
        || (owner.equals("java.time.Duration") && name.equals("between"))
        || (owner.equals("java.time.temporal.ChronoUnit") && name.equals("between"));
  }

  private static void forShow(String name, String what) {
    ALLOWED.put(name, "is written or shown: " + what);
  }

  private static void costsAQuestion(String name, String what) {
    ALLOWED.put(name, "at worst a question too many or too late: " + what);
  }

  private static void ofOneClock(String name, String what) {
    ALLOWED.put(name, "times of one clock: " + what);
  }

  private static void shortens(String name, String what) {
    ALLOWED.put(name, "decides no claim: " + what);
  }
}
