package dev.sweeprunner.web;

import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.work.Meter;
import dev.sweeprunner.web.Instruments.Reading;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is told to monitoring, each metric with its name, unit and meaning; {@code
 * docs/monitoring.md} says the same in a table. What is not known, for example the loss between two
 * runs, is not told at all.
 */
final class WorkerMetrics {
  private static final List<String> ACTIVITIES =
      List.of("starting", "training", "waiting", "stopped");

  /** How old a look at the storage may be: each costs it a write. */
  private static final Duration STORAGE_AGE = Duration.ofSeconds(10);

  private final Vitals vitals;
  private final StorageProbe probe;

  WorkerMetrics(Vitals vitals, StorageProbe probe) {
    this.vitals = vitals;
    this.probe = probe;
  }

  /** Registers all; this object must be kept as long as the registry is. */
  Instruments in(MeterRegistry registry) {
    Owner owner = status().owner();
    registry.config().commonTags("worker", owner.worker(), "cluster", owner.cluster());
    Instruments instruments = new Instruments(registry, vitals);
    worker(instruments);
    run(instruments);
    counts(instruments);
    wandb(instruments);
    relay(instruments);
    storage(instruments);
    return instruments;
  }

  private void worker(Instruments all) {
    all.gauges("worker", "Always 1; its labels say what runs here.", this::labels);
    all.gauges(
        "activity",
        "1 for what the worker does now, 0 for all else.",
        () -> ACTIVITIES.stream().map(this::activity));
    all.age(
        "hang.limit",
        "Without progress for so long the worker is down (claim.hang).",
        () -> vitals.limits().hang());
    all.age(
        "claim.expiry",
        "A claim that is not renewed for so long may be taken over (claim.expiry).",
        () -> vitals.limits().expiry());
  }

  private Stream<Reading> labels() {
    Owner owner = status().owner();
    String commit = Objects.requireNonNullElse(vitals.origin().commit().get(), "");
    Tags what = Tags.of("version", vitals.origin().version(), "commit", commit);
    return Stream.of(new Reading(what.and("host", owner.host(), "device", owner.device()), 1));
  }

  private Reading activity(String name) {
    return new Reading(Tags.of("activity", name), status().activity().equals(name) ? 1 : 0);
  }

  private void run(Instruments all) {
    all.gauges(
        "run.iteration",
        "Completed iterations of the run in hand.",
        value(Meter.InHand::iteration));
    all.gauges(
        "run.iterations.planned",
        "Iterations of the run in hand until its end.",
        known(Meter.InHand::maxIterations));
    all.gauges(
        "run.tokens.per.second",
        "Newest rate of the run in hand; of a user's program, its iterations per second.",
        known(Meter.InHand::tokensPerSecond));
    all.gauges(
        "run.loss",
        "Newest value of each metric of the run in hand with loss in its name.",
        () -> inHand().flatMap(this::losses));
    all.ages(
        "run.progress.age",
        "Since the newest iteration, row or publish of the run in hand.",
        age(Meter.InHand::sinceProgress));
    all.ages(
        "claim.lease.age",
        "Since the claim on the run in hand was last renewed.",
        age(Meter.InHand::sinceRenewal));
  }

  private Supplier<Stream<Reading>> value(ToDoubleFunction<Meter.InHand> of) {
    return () -> inHand().map(run -> new Reading(tags(run), of.applyAsDouble(run)));
  }

  /** Values of which 0 says that they are not known yet. */
  private Supplier<Stream<Reading>> known(ToDoubleFunction<Meter.InHand> of) {
    return () -> value(of).get().filter(reading -> reading.value() != 0);
  }

  private Supplier<Stream<Reading>> age(Function<Meter.InHand, Duration> of) {
    return () -> inHand().map(run -> Reading.of(tags(run), of.apply(run)));
  }

  private Stream<Reading> losses(Meter.InHand run) {
    return run.losses().entrySet().stream()
        .map(loss -> new Reading(tags(run).and("metric", loss.getKey()), loss.getValue()));
  }

  private Stream<Meter.InHand> inHand() {
    return vitals.meter().inHand().stream();
  }

  private Tags tags(Meter.InHand run) {
    return Tags.of("run_id", run.runId(), "sweep", status().sweep());
  }

  private static void counts(Instruments all) {
    all.count(
        "claims",
        "Runs that this process has begun to work on.",
        now -> now.meter().counts().claims());
    all.count(
        "takeovers",
        "Claims of runs whose last worker had gone without a word.",
        now -> now.meter().counts().takeovers());
    all.count(
        "retries",
        "Claims of runs whose last attempt had failed.",
        now -> now.meter().counts().retries());
    all.count(
        "iterations",
        "Iterations that were completed, of all runs.",
        now -> now.meter().counts().iterations());
    all.count(
        "journal.rows",
        "Rows of metrics that were put into journals.",
        now -> now.meter().counts().rows());
    all.timer(
        "publish",
        "Checkpoints that were published, and how long that took.",
        now -> now.meter().counts().publishes(),
        now -> now.meter().counts().publishing());
    for (Outcome outcome : Outcome.values()) {
      all.count(
          "runs",
          "Runs that have left this process's hands, by how.",
          Tags.of("outcome", outcome.name().toLowerCase(Locale.ROOT)),
          now -> now.meter().ended(outcome));
    }
  }

  private void wandb(Instruments all) {
    all.timer(
        "wandb.request",
        "Requests to W&B that were answered, and how long that took.",
        now -> now.wandb().requests().get().answered(),
        now -> now.wandb().requests().get().took());
    all.count(
        "wandb.failures",
        "Requests to W&B that were refused or not answered.",
        now -> now.wandb().requests().get().failed());
    all.count(
        "wandb.retries",
        "Requests to W&B that were made again after a failure.",
        now -> now.wandb().requests().get().again());
    all.gauge(
        "wandb.rows.waiting",
        "Rows that have been made and have not reached W&B.",
        () -> vitals.wandb().delivery().get().rows());
    all.ages(
        "wandb.answer.age",
        "Since W&B's newest good answer.",
        () -> known(vitals.wandb().delivery().get().sinceAnswer()));
    all.age(
        "wandb.away",
        "For how long W&B has taken nothing; 0 while it does.",
        () -> Objects.requireNonNullElse(vitals.wandb().delivery().get().away(), Duration.ZERO));
  }

  private static Stream<Reading> known(@Nullable Duration age) {
    return age == null ? Stream.empty() : Stream.of(Reading.of(Tags.empty(), age));
  }

  private void relay(Instruments all) {
    all.count(
        "relay.rows",
        "Rows that programs have logged to the relay.",
        now -> now.relay().get().map(Relay.Standing::rows).orElse(0L));
    all.gauge(
        "relay.programs",
        "Programs that may log to the relay now.",
        () -> vitals.relay().get().map(Relay.Standing::programs).orElse(0));
  }

  private void storage(Instruments all) {
    all.gauge(
        "storage.up",
        "1 while the storage root takes a small write, else 0.",
        () -> probe.notOlderThan(STORAGE_AGE).complaint() == null ? 1 : 0);
    all.age(
        "storage.probe",
        "How long the newest such write took, or takes so far.",
        () -> probe.notOlderThan(STORAGE_AGE).took());
  }

  private WorkerReport.Status status() {
    return vitals.worker().get();
  }
}
