package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.judge.Because;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints everything that is known of one run. */
final class Explanation {
  private static final int NAMES = 12;
  private static final int SHORT_HASH = 12;

  private final Paragraphs print;
  private final LookPorts ports;
  private final Facts facts;
  private final Verdict verdict;
  private final @Nullable Row newest;
  private final List<LogEnd> history;

  Explanation(
      Paragraphs print,
      LookPorts ports,
      Facts facts,
      Verdict verdict,
      @Nullable Row newest,
      List<LogEnd> history) {
    this.print = print;
    this.ports = ports;
    this.facts = facts;
    this.verdict = verdict;
    this.newest = newest;
    this.history = history;
  }

  /** Verdict first: what most readers came for. */
  void head() {
    Because because = verdict.because();
    print.line("Run " + facts.key().runId() + " is " + verdict.state().shown() + ".");
    print.blank();
    tell("why", Reason.of(facts, verdict, ports.expiry()));
    String age = because.age().isZero() ? "read just now" : HumanFormat.ago(because.age());
    tell("source", because.source() + ", " + age);
    tell("so", consequence());
    if (!because.wayOut().isEmpty()) {
      tell("way out", because.wayOut());
    }
    print.blank();
  }

  /** What an audit finds on disk, unless the verdict has said it. */
  void damage(List<Finding> findings) {
    List<Finding> unsaid =
        findings.stream().filter(each -> !each.fact().equals(verdict.because().fact())).toList();
    for (Finding each : unsaid) {
      tell("damage", each.kind().shown() + ": " + each.path() + ": " + each.fact() + " [audit]");
      tell("way out", each.wayOut());
    }
    if (!unsaid.isEmpty()) {
      print.blank();
    }
  }

  /** The point behind the run. */
  void point(Point point, Points points) {
    tell("point", point.index() + " of " + points.sweep().path() + " (" + points.group() + ")");
    point.overrides().forEach((key, value) -> tell("", key + " = " + HumanFormat.value(value)));
    String sha256 = point.config().sha256();
    tell(
        "config",
        (point.invalid() == null ? "valid" : point.invalid())
            + "; SHA-256 "
            + sha256.substring(0, Math.min(SHORT_HASH, sha256.length()))
            + " [config]");
    tell("trainer", (facts.refusal() == null ? "can train it" : facts.refusal()) + " [trainer]");
  }

  /** Instead of the point, where no sweep was given. */
  void unplanned() {
    tell("point", "not known: no sweep with this run was given; add --sweep to see its config");
  }

  /** All other facts, then the history. */
  void body() {
    tell("storage", ports.root().sentence().replaceFirst("^Storage root ", ""));
    tell("folder", "out/" + ports.survey().home(facts.key()).folder());
    tell("claim log", claim());
    if (facts.claim() instanceof ClaimState.Logged logged) {
      logged(logged);
    }
    ports.survey().command(facts).ifPresent(command -> tell("program", command + " [meta]"));
    ports.survey().remarks(facts).forEach(said -> tell("relay", said + " [run.log]"));
    tell("W&B", remote() + " [W&B]");
    tell("scheduler", SlurmWords.whole(facts.scheduler()) + " [Slurm]");
    EarlierTraces earlier = facts.earlier();
    tell(
        "earlier",
        (earlier.kind() == EarlierTraces.Kind.NONE
                ? "no traces of the earlier runner"
                : "the earlier runner: " + earlier.detail())
            + " [run folder]");
    newest().ifPresent(text -> tell("newest row", text));
    history();
  }

  private void tell(String name, String text) {
    print.named(NAMES, name, text);
  }

  private String consequence() {
    if (verdict instanceof Verdict.Ended) {
      return "it has ended: no worker will claim it";
    }
    if (verdict instanceof Verdict.Taken) {
      return "somebody else has it: no other worker claims it now";
    }
    if (verdict instanceof Verdict.NotYet notYet) {
      return notYet.left() == null
          ? "no worker claims it yet"
          : "no worker claims it for another " + HumanFormat.time(notYet.left());
    }
    PublishedCheckpoint resume = ((Verdict.Claimable) verdict).resume();
    return resume == null
        ? "the next free worker starts it at iteration 0"
        : "the next free worker resumes it at iteration " + resume.iter();
  }

  private String claim() {
    ClaimState claim = facts.claim();
    if (claim instanceof ClaimState.Logged logged) {
      LogEnd end = logged.end();
      String record = "record " + end.slot();
      if (end.unreadable()) {
        return record
            + " is empty or damaged: who wrote it, and what, is unknown [claim log "
            + record
            + ", read just now]";
      }
      return (record + ": " + end.type().told() + ", claim " + end.epoch())
          + (" [claim log " + record + ", written " + age(end) + "]");
    }
    return withoutLog(claim) + " [lock directory, read just now]";
  }

  private static String withoutLog(ClaimState claim) {
    if (claim instanceof ClaimState.Empty empty) {
      return "a lock folder without a record" + (empty.free() ? ", empty for the expiry time" : "");
    }
    if (claim instanceof ClaimState.Foreign foreign) {
      return "made by another program: " + foreign.what();
    }
    return claim instanceof ClaimState.Unreadable unreadable
        ? "unknown, it could not be read: " + unreadable.why()
        : "none: nobody ever claimed it";
  }

  private void logged(ClaimState.Logged logged) {
    LogEnd end = logged.end();
    if (!end.unreadable()) {
      tell("by", new OwnerText(end.owner()).whole());
    }
    Liveness owner = logged.owner();
    if (owner != null) {
      String seen = facts.scheduler().over() ? "beat, read just now; Slurm" : "beat, read just now";
      tell("owner", life(owner) + " [" + seen + "]");
    }
    PublishedCheckpoint checkpoint = end.summary().checkpoint();
    tell(
        "checkpoint",
        checkpoint == null
            ? "none published yet"
            : checkpoint.name() + ", iteration " + checkpoint.iter() + " [claim log]");
    if (checkpoint != null && checkpoint.imported() != null) {
      tell("began with", "weights imported from " + checkpoint.imported().words() + " [claim log]");
    }
    tell("attempts", attempts(end.summary()) + " [claim log]");
  }

  private String life(Liveness owner) {
    List<String> parts = new ArrayList<>();
    parts.add(owner.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    parts.add(owner.how());
    if (owner.iter() >= 0) {
      parts.add("iteration " + owner.iter());
    }
    if (owner.unsaved().isPresent()) {
      parts.add("checkpoints refused");
    } else if (!owner.phase().isEmpty()) {
      parts.add("phase " + owner.phase());
    }
    if (owner.silentByFileTime() != null) {
      parts.add("silent " + HumanFormat.time(owner.silentByFileTime()) + " by file time");
    }
    if (!owner.watched().isZero()) {
      parts.add("watched standing still for " + HumanFormat.time(owner.watched()));
    }
    return String.join(", ", parts);
  }

  private static String attempts(LogSummary summary) {
    StringBuilder text = new StringBuilder(HumanFormat.plural(summary.attempts(), "claim"));
    if (summary.failures() > 0) {
      text.append(", ").append(HumanFormat.plural(summary.failures(), "failure"));
      text.append(" since progress on ").append(String.join(", ", summary.badHosts()));
    }
    if (summary.deaths() > 0) {
      text.append(", ").append(HumanFormat.plural(summary.deaths(), "owner"));
      text.append(" dead without progress");
    }
    Failure last = summary.lastFailure();
    if (last != null) {
      text.append("; the last failure (").append(last.kind()).append("): ").append(last.message());
    }
    return text.toString();
  }

  private String remote() {
    Remote remote = facts.remote();
    if (remote instanceof Remote.Found found) {
      RemoteState state = found.state();
      Duration beat = state.silent();
      return state.word()
          + (state.iter() < 0 ? "" : " at iteration " + state.iter())
          + (found.cluster() == null ? "" : " on cluster " + found.cluster())
          + (beat == null ? "" : ", heartbeat " + HumanFormat.ago(beat))
          + values(found.metrics())
          + ", asked "
          + HumanFormat.ago(found.age());
    }
    if (remote instanceof Remote.NotFound notFound) {
      return "no such run, asked " + HumanFormat.ago(notFound.age());
    }
    if (remote instanceof Remote.Adopted adopted) {
      return "finished as " + adopted.as() + ", asked " + HumanFormat.ago(adopted.age());
    }
    return remote instanceof Remote.Unknown unknown
        ? "unknown: " + unknown.why()
        : "not asked: " + ((Remote.NotAsked) remote).why();
  }

  private Optional<String> newest() {
    if (newest == null) {
      return Optional.empty();
    }
    String values = values(newest.values()).replaceFirst("^, ", "");
    return Optional.of("step " + newest.step() + ": " + values + " [journal]");
  }

  /** Each after a comma. */
  private static String values(Map<String, Double> metrics) {
    StringBuilder values = new StringBuilder();
    metrics.forEach(
        (name, value) ->
            values.append(", ").append(name).append(' ').append(HumanFormat.metric(value)));
    return values.toString();
  }

  private void history() {
    print.blank();
    if (history.isEmpty()) {
      print.line(
          facts.claim() instanceof ClaimState.Unreadable
              ? "No history: its log cannot be read."
              : "No history: nobody ever claimed it.");
      return;
    }
    print.line("History:");
    for (LogEnd record : history) {
      String age = record.unreadable() ? "" : " (" + age(record) + ")";
      print.indented(2, RecordText.line(record) + age);
    }
  }

  private String age(LogEnd record) {
    return HumanFormat.ago(Duration.between(record.written(), ports.clock().now()));
  }
}
