package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.judge.Because;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Prints everything that is known of one run. */
final class Explanation {
  private static final int NAMES = 12;
  private static final int SHORT_HASH = 12;

  private final Paragraphs print;
  private final LookPorts ports;
  private final PointStatus pointStatus;
  private final Facts facts;
  private final List<LogEnd> history;

  Explanation(Paragraphs print, LookPorts ports, PointStatus pointStatus, List<LogEnd> history) {
    this.print = print;
    this.ports = ports;
    this.pointStatus = pointStatus;
    this.facts = pointStatus.facts();
    this.history = history;
  }

  /** Verdict first: what most readers came for. */
  void head() {
    Verdict verdict = pointStatus.verdict();
    Because because = verdict.because();
    print.line("Run " + pointStatus.point().runId() + " is " + verdict.state().word() + ".");
    print.blank();
    print.named(NAMES, "why", Reason.of(pointStatus, ports.expiry()));
    String age = because.age().isZero() ? "read just now" : HumanFormat.ago(because.age());
    print.named(NAMES, "source", because.source() + ", " + age);
    print.named(NAMES, "so", consequence(verdict));
    if (!because.wayOut().isEmpty()) {
      print.named(NAMES, "way out", because.wayOut());
    }
    print.blank();
  }

  /** The point behind the run. */
  void point(Points points) {
    Point point = pointStatus.point();
    print.named(
        NAMES,
        "point",
        point.index() + " of " + points.sweep().path() + " (" + points.sweep().name() + ")");
    point
        .overrides()
        .forEach((key, value) -> print.named(NAMES, "", key + " = " + HumanFormat.value(value)));
    String sha256 = point.config().sha256();
    print.named(
        NAMES,
        "config",
        (point.invalid() == null ? "valid" : point.invalid())
            + "; SHA-256 "
            + sha256.substring(0, Math.min(SHORT_HASH, sha256.length()))
            + " [config]");
    print.named(
        NAMES,
        "trainer",
        (facts.refusal() == null ? "can train it" : facts.refusal()) + " [trainer]");
  }

  /** Instead of the point, where no sweep was given. */
  void unplanned() {
    print.named(
        NAMES,
        "point",
        "not known: no sweep with this run was given; add --sweep to see its config");
  }

  /** All other facts, then the history. */
  void body() {
    print.named(NAMES, "folder", "out/" + pointStatus.point().key().folder());
    print.named(NAMES, "claim log", claim());
    if (facts.claim() instanceof ClaimState.Logged logged) {
      logged(logged);
    }
    print.named(NAMES, "W&B", remote() + " [W&B]");
    print.named(NAMES, "scheduler", SlurmWords.whole(facts.scheduler()) + " [Slurm]");
    EarlierTraces earlier = facts.earlier();
    print.named(
        NAMES,
        "earlier",
        (earlier.kind() == EarlierTraces.Kind.NONE
                ? "no traces of the earlier runner"
                : "the earlier runner: " + earlier.detail())
            + " [run folder]");
    newest().ifPresent(text -> print.named(NAMES, "newest row", text));
    history();
  }

  private static String consequence(Verdict verdict) {
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
      return "slot "
          + end.slot()
          + " is "
          + end.type()
          + ", epoch "
          + end.epoch()
          + " [claim log slot "
          + end.slot()
          + ", written "
          + age(end)
          + "]";
    }
    String text;
    if (claim instanceof ClaimState.Empty empty) {
      text = "a lock folder without a record" + (empty.free() ? ", empty for the expiry time" : "");
    } else if (claim instanceof ClaimState.Foreign foreign) {
      text = "made by another program: " + foreign.what();
    } else if (claim instanceof ClaimState.Unreadable unreadable) {
      text = "unknown, it could not be read: " + unreadable.why();
    } else {
      text = "none: nobody ever claimed it";
    }
    return text + " [lock directory, read just now]";
  }

  private void logged(ClaimState.Logged logged) {
    LogEnd end = logged.end();
    print.named(NAMES, "by", new OwnerText(end.owner()).whole());
    Liveness owner = logged.owner();
    if (owner != null) {
      String seen = facts.scheduler().over() ? "beat, read just now; Slurm" : "beat, read just now";
      print.named(NAMES, "owner", life(owner) + " [" + seen + "]");
    }
    PublishedCheckpoint checkpoint = end.summary().checkpoint();
    print.named(
        NAMES,
        "checkpoint",
        checkpoint == null
            ? "none published yet"
            : checkpoint.name() + ", iteration " + checkpoint.iter() + " [claim log]");
    print.named(NAMES, "attempts", attempts(end.summary()) + " [claim log]");
  }

  private String life(Liveness owner) {
    List<String> parts = new ArrayList<>();
    parts.add(owner.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    parts.add(owner.how());
    if (owner.iter() >= 0) {
      parts.add("iteration " + owner.iter());
    }
    if (!owner.phase().isEmpty()) {
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
    String text = HumanFormat.plural(summary.attempts(), "claim");
    if (summary.failures() > 0) {
      text +=
          ", "
              + HumanFormat.plural(summary.failures(), "failure")
              + " since progress on "
              + String.join(", ", summary.badHosts());
    }
    if (summary.deaths() > 0) {
      text += ", " + HumanFormat.plural(summary.deaths(), "owner") + " dead without progress";
    }
    return summary.lastFailure() == null
        ? text
        : text
            + "; the last failure ("
            + summary.lastFailure().kind()
            + "): "
            + summary.lastFailure().message();
  }

  private String remote() {
    Remote remote = facts.remote();
    if (remote instanceof Remote.Found found) {
      Duration beat = found.sinceHeartbeat();
      return found.state()
          + (found.iter() < 0 ? "" : " at iteration " + found.iter())
          + (found.cluster() == null ? "" : " on cluster " + found.cluster())
          + (beat == null ? "" : ", heartbeat " + HumanFormat.ago(beat))
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
    Row row = pointStatus.newest();
    if (row == null) {
      return Optional.empty();
    }
    List<String> values = new ArrayList<>();
    row.values().forEach((name, value) -> values.add(name + " " + HumanFormat.metric(value)));
    return Optional.of("step " + row.step() + ": " + String.join(", ", values) + " [journal]");
  }

  private void history() {
    print.blank();
    if (history.isEmpty()) {
      print.line("No history: nobody ever claimed it.");
      return;
    }
    print.line("History:");
    for (LogEnd record : history) {
      print.indented(2, RecordText.line(record) + " (" + age(record) + ")");
    }
  }

  private String age(LogEnd record) {
    return HumanFormat.ago(Duration.between(record.written(), ports.clock().now()));
  }
}
