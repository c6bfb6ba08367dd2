package dev.sweeprunner.run.audit;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimLog;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.Inspection;
import dev.sweeprunner.run.Inspection.Depth;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Survey;
import dev.sweeprunner.run.judge.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says of runs what is wrong with them. Reads only; belongs to one thread.
 *
 * <p>Where one thing explains others, that one is told alone: of a folder that is another run's
 * nothing else is said.
 */
public final class Audit {
  /** What seems wrong is looked at again after these times. */
  private static final List<Duration> AGAIN =
      List.of(Duration.ofMillis(200), Duration.ofSeconds(1));

  private final Ports ports;

  /**
   * What an audit asks.
   *
   * @param observer and {@code survey}: what the judge says of a run
   * @param registry what W&amp;B says
   * @param cluster whose storage root it is
   */
  public record Ports(
      Inspection.Logs logs,
      Inspection.Folders folders,
      Inspection checkpoints,
      Observer observer,
      Survey survey,
      Registry registry,
      String cluster,
      Pause pause) {}

  /** An audit over these ports. */
  public Audit(Ports ports) {
    this.ports = ports;
  }

  /** The runs of these sweeps; of everything under the storage root where there are none. */
  public Inventory inventory(List<Points> sweeps) {
    Stocktaking stock = new Stocktaking(ports);
    return sweeps.isEmpty() ? stock.ofAll() : stock.of(sweeps);
  }

  /** One run alone, with whatever folders its id has. */
  public Subject subject(RunKey key, @Nullable Point point) {
    List<RunKey> folders =
        ports.folders().stock(key.project()).runs().getOrDefault(key.runId(), List.of());
    return new Subject(Subject.named(key, folders), folders, point);
  }

  /**
   * What was seen of a run.
   *
   * @param rows that are safe, as its log says
   */
  public record Looked(long rows, List<Finding> findings) {}

  /**
   * What is wrong with a run: only what is seen again and again, since a run that somebody works on
   * changes between two reads.
   */
  public Looked look(Subject subject, Depth depth) {
    Looked first = once(subject, depth);
    List<Finding> lasting = new ArrayList<>(first.findings());
    for (Duration pause : AGAIN) {
      if (lasting.isEmpty()) {
        break;
      }
      ports.pause().pause(pause);
      lasting.retainAll(once(subject, depth).findings());
    }
    return new Looked(first.rows(), lasting);
  }

  private Looked once(Subject subject, Depth depth) {
    RunKey key = subject.key();
    ClaimLog log = ports.logs().log(key);
    List<Finding> findings = new ArrayList<>();
    foreign(subject, log).ifPresent(findings::add);
    findings.addAll(log.findings());
    another(subject, log).ifPresent(findings::add);
    if (subject.folders().size() > 1) {
      findings.add(doubled(subject));
    }
    if (!subject.folders().isEmpty()) {
      List<Finding> inside = ports.folders().inspect(key, log, depth);
      findings.addAll(inside);
      if (inside.stream().noneMatch(Audit::another)) {
        findings.addAll(ports.checkpoints().inspect(key, log, depth));
      }
    } else if (log.madeSomething()) {
      findings.add(folderless(key, log));
    }
    return new Looked(log.rows(), findings);
  }

  /** As the judge says; it is asked only where another program may have been there. */
  private Optional<Finding> foreign(Subject subject, ClaimLog log) {
    if (log.begun() && !log.foreign()) {
      return Optional.empty();
    }
    Point point = subject.point();
    Facts facts =
        point == null
            ? ports.survey().without(subject.key())
            : ports.observer().pointStatus(point).facts();
    Verdict verdict = ports.observer().verdict(facts);
    boolean locked = facts.claim() instanceof ClaimState.Foreign;
    String path = locked ? log.path() : "out/" + facts.key().folder() + "/checkpoints";
    return verdict.state() == State.FOREIGN
        ? Optional.of(
            new Finding(
                Kind.FOREIGN,
                facts.key().runId(),
                path,
                verdict.because().fact(),
                verdict.because().wayOut()))
        : Optional.empty();
  }

  /** A log that belongs to another config than the point with this id. */
  private static Optional<Finding> another(Subject subject, ClaimLog log) {
    Point point = subject.point();
    LogEnd end = log.end();
    if (point == null
        || end == null
        || point.invalid() != null
        || end.configSha256().isEmpty()
        || end.configSha256().equals(point.config().sha256())) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            Kind.MIXED_CONFIG,
            point.runId(),
            log.path(),
            "its records name SHA-256 "
                + end.configSha256()
                + ", but the config of point "
                + point.index()
                + " has "
                + point.config().sha256(),
            "Change any value of this point, for example its seed"));
  }

  private static boolean another(Finding finding) {
    return finding.kind() == Kind.MIXED_CONFIG;
  }

  private static Finding doubled(Subject subject) {
    List<String> others =
        subject.folders().stream()
            .filter(folder -> !folder.equals(subject.key()))
            .map(folder -> "out/" + folder.folder())
            .toList();
    return new Finding(
        Kind.DOUBLED,
        subject.key().runId(),
        "out/" + subject.key().folder(),
        "the run has another folder too: " + String.join(", ", others),
        "Keep the one that its config.json and its log belong to, and move the other away");
  }

  private static Finding folderless(RunKey key, ClaimLog log) {
    return new Finding(
        Kind.ORPHANED,
        key.runId(),
        log.path(),
        "its log names what was published, but no folder of this run lies in out/" + key.project(),
        "Restore the run's folder; or remove this one and its .done to train the run anew");
  }
}
