package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.claim.ClaimPorts;
import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.journal.DirectoryJournal;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Arrears;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledgers;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.wandb.api.WandbClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A storage root with real files below, whose workers tell a station's server. */
public final class Premises {
  static final String PROJECT = "test";

  final Path root;
  final Layout layout;
  final Outbox outbox;
  private final Station station;
  private final Points points;

  public Premises(Station station, Path root, Points points) {
    this.station = station;
    this.root = root;
    this.points = points;
    this.layout = new Layout(root);
    this.outbox = new Outbox(station.files, layout);
  }

  /** Tells online; what it has to send is added to {@code uplinks}. */
  Telemetry online(List<Uplink> uplinks, boolean buffered) {
    return online(uplinks, buffered, descriptors());
  }

  /** As above, but of programs' runs, of which nothing is told before they do. */
  Telemetry quiet(List<Uplink> uplinks, boolean buffered) {
    return online(uplinks, buffered, quietly());
  }

  private Telemetry online(List<Uplink> uplinks, boolean buffered, RunDescriptors descriptors) {
    Announcer announcer =
        new Announcer(
            station.client(),
            station.clock::advance,
            station.clock,
            AnnouncerTests.TIMES,
            station.heard::add);
    return new OnlineTelemetry(
        descriptors,
        point -> true,
        point -> buffered,
        announcer,
        ports(station.client()),
        outbox,
        uplinks::add);
  }

  public Telemetry offline() {
    return offline(descriptors());
  }

  /** As above, but of programs' runs, of which nothing is told before they do. */
  Telemetry offlineQuietly() {
    return offline(quietly());
  }

  /** As above, without files for the official sync: of a user who has no key. */
  Telemetry keptQuietly() {
    return offline(quietly(), null);
  }

  private Telemetry offline(RunDescriptors descriptors) {
    return offline(descriptors, new OfflineRuns(station.files, layout));
  }

  private Telemetry offline(RunDescriptors descriptors, @Nullable OfflineRuns runs) {
    return new OfflineTelemetry(
        descriptors,
        point -> true,
        outbox,
        runs,
        new Tracks(station.files, layout),
        () -> Station.ENTITY,
        station.clock,
        station.notices::add);
  }

  public Life life(Trace trace, Telemetry telemetry) {
    return new Life(root, points, trace, 3, telemetry);
  }

  /** A life in which a program logs, as the relay hands it on. */
  Life programLife(Trace trace, Telemetry telemetry) {
    return new Life(
        root, points, trace, 3, telemetry, training -> new ToldTraining(training, layout));
  }

  public void writeOfflineRest() throws IOException {
    Claims claims = claims(Processes.Verdict.GONE);
    new OfflineRuns(station.files, layout)
        .writeRest(outbox, PROJECT, () -> Station.ENTITY, claims, new Ledgers(claims, journal()));
  }

  /** Rows of a run that a publish covers. */
  long safe(RunKey key) {
    Claims claims = claims(Processes.Verdict.GONE);
    return claims.look(key) instanceof ClaimState.Logged logged
        ? new Ledgers(claims, journal()).of(key, logged.end()).lines()
        : 0;
  }

  Arrears arrears() {
    Claims claims = claims(Processes.Verdict.GONE);
    return new CardArrears(station.files, layout, claims, journal(), "sync");
  }

  Sync sync() {
    return sync(station.client(), Processes.Verdict.GONE);
  }

  /** Sync as another process than every worker's. */
  Sync sync(WandbClient client, Processes.Verdict workers) {
    Claims claims = claims(workers);
    RunDelivery runDelivery =
        new RunDelivery(
            claims,
            new Ledgers(claims, journal()),
            new RunLogs(station.files, layout),
            client,
            ports(client),
            station.clock::advance,
            Duration.ofMinutes(5));
    return new Sync(outbox, PROJECT, claims, runDelivery);
  }

  private Claims claims(Processes.Verdict workers) {
    return new DirectoryClaims(
        layout,
        station.files,
        owner(),
        ClaimSettings.DEFAULT,
        new ClaimPorts(station.clock, duration -> {}, judged -> workers, Trace.OFF, List::of));
  }

  private Journal journal() {
    return new DirectoryJournal(
        station.files,
        layout,
        owner(),
        () -> new Provenance(null, "", Map.of()),
        station.clock,
        Trace.OFF);
  }

  private UplinkPorts ports(WandbClient client) {
    UplinkPorts plain = station.ports(client);
    return new UplinkPorts(
        plain.client(),
        plain.entity(),
        plain.clock(),
        plain.pace(),
        plain.sample(),
        plain.machine(),
        this::delivered,
        plain.notices(),
        plain.contact(),
        outbox,
        new Tracks(station.files, layout),
        plain.carrier(),
        plain.wake());
  }

  private void delivered(RunDescriptor descriptor) {
    try {
      outbox.remove(descriptor.key());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RunDescriptors descriptors() {
    return descriptors(false);
  }

  private static RunDescriptors quietly() {
    return descriptors(true);
  }

  private static RunDescriptors descriptors(boolean quiet) {
    return new RunDescriptors(
        new Tracker.Sweep(
            "tiny", Station.PROJECT, "root", point -> true, point -> false, quiet, quiet),
        new Tracker.Who("near", "worker", "host", "cpu", "1.0", () -> null));
  }

  private static Owner owner() {
    String id = UUID.randomUUID().toString();
    return new Owner(id, "worker-" + id, "local", "host", "m", "b", 1, "1", "1", "u", "cpu", null);
  }

  /** A list for uplinks. */
  static List<Uplink> noUplinks() {
    return new CopyOnWriteArrayList<>();
  }
}
