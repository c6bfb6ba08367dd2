package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Delivery;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledgers;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.registry.Entity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * W&amp;B as one process uses it: the place where the parts of this room are put together. Nothing
 * is sent and no thread started before the first run begins.
 */
public final class Tracker {
  private static final Duration EACH = Duration.ofSeconds(30);

  /** Looks for arrears within the grace. */
  private static final int LOOKS = 6;

  private final Ports ports;
  private final Outbox outbox;
  private final Tracks tracks;
  private final Uplinks uplinks;
  private final Contact contact;
  private final SystemSample sample;
  private final BackgroundSync backgroundSync;

  /** A tracker over these. */
  public Tracker(Ports ports) {
    this.ports = ports;
    this.outbox = new Outbox(ports.files(), ports.layout());
    this.tracks = new Tracks(ports.files(), ports.layout());
    this.uplinks = new Uplinks(ports.clock());
    this.contact = new Contact(ports.clock(), ports.notices(), ports.notes());
    this.sample = new SystemSample(ports.clock());
    this.backgroundSync =
        new BackgroundSync(uplinks::serve, ports.clock(), ports.times().grace().dividedBy(LOOKS));
  }

  /**
   * Looks after a project's ended runs whose worker was killed before W&amp;B knew of their end.
   */
  public void lookAfter(Sync sync) {
    backgroundSync.add(sync);
  }

  /**
   * Ids of a project's runs that have something to tell; W&amp;B is not asked.
   *
   * @throws IOException if they cannot be listed
   */
  public List<String> waiting(String project) throws IOException {
    return outbox.waiting(project);
  }

  /**
   * Tells W&amp;B of a sweep's runs as they go.
   *
   * @param waitedFor for what a claim waits for
   */
  public Telemetry online(
      Sweep sweep, Who who, Entity entity, WandbClient client, WandbClient waitedFor) {
    Announcer announcer =
        new Announcer(
            waitedFor,
            ports.pause(),
            ports.clock(),
            new Announcer.Times(
                ports.times().settle(), ports.times().live(), ports.times().grace()),
            ports.notes());
    return new OnlineTelemetry(
        new RunDescriptors(sweep, who),
        sweep.logged(),
        sweep.buffered(),
        announcer,
        ports(entity, client, sample::next, ports.machine(), contact, Uplinks::carry),
        outbox,
        uplinks::add);
  }

  /** Writes down what W&amp;B would be told of a sweep's runs. */
  public Telemetry offline(Sweep sweep, Who who, Supplier<@Nullable String> entity) {
    return offline(sweep, who, entity, new OfflineRuns(ports.files(), ports.layout()));
  }

  /** Writes down which of a sweep's runs have something to tell: {@link #sync} finds the rest. */
  public Telemetry kept(Sweep sweep, Who who) {
    return offline(sweep, who, () -> null, null);
  }

  private Telemetry offline(
      Sweep sweep, Who who, Supplier<@Nullable String> entity, @Nullable OfflineRuns runs) {
    return new OfflineTelemetry(
        new RunDescriptors(sweep, who),
        sweep.logged(),
        outbox,
        runs,
        tracks,
        entity,
        ports.clock(),
        ports.notices());
  }

  /**
   * Sends what runs of a project have not told W&amp;B yet.
   *
   * @param client as patient with the first question about a run as somebody waits for it
   */
  public Sync sync(
      String project, Entity entity, WandbClient client, Claims claims, Journal journal) {
    RunDelivery runDelivery =
        new RunDelivery(
            claims,
            new Ledgers(claims, journal),
            new RunLogs(ports.files(), ports.layout()),
            client,
            ports(
                entity,
                client,
                Optional::empty,
                Map.of(),
                Contact.unheard(ports.clock()),
                Runnable::run),
            ports.pause(),
            ports.times().delivery());
    return new Sync(outbox, project, claims, runDelivery);
  }

  /**
   * Writes the files of finished runs that a killed worker could not write any more.
   *
   * @throws IOException if one cannot be written; those before it are
   */
  public void writeOfflineRest(
      String project, Supplier<@Nullable String> entity, Claims claims, Journal journal)
      throws IOException {
    new OfflineRuns(ports.files(), ports.layout())
        .writeRest(outbox, project, entity, claims, new Ledgers(claims, journal));
  }

  /**
   * Delivers what is left, at most for so long.
   *
   * @return ids of runs of which W&amp;B lacks something
   */
  public List<String> close(Duration longest) {
    backgroundSync.close();
    contact.leaving();
    return uplinks.close(longest);
  }

  /** What W&amp;B lacks, and whether it takes it. Any thread. */
  public Delivery delivery(String mode) {
    Contact.Standing standing = contact.standing();
    return new Delivery(
        mode, standing.sinceAnswer(), uplinks.lacking(), standing.away(), standing.why());
  }

  /** Whether W&amp;B takes what it is told. */
  public Contact contact() {
    return contact;
  }

  /**
   * UplinkPorts to send.
   *
   * @param sample system metrics, none for runs that were not made on this machine
   * @param machine what is said of this machine, nothing for such runs
   * @param heard what hears whether W&amp;B takes it
   * @param carrier carries files of programs
   */
  private UplinkPorts ports(
      Entity entity,
      WandbClient client,
      Supplier<Optional<String>> sample,
      Map<String, ?> machine,
      Contact heard,
      Executor carrier) {
    return new UplinkPorts(
        client.with(new Patience(1, EACH, EACH)),
        entity,
        ports.clock(),
        ports.times().pace(),
        sample,
        machine,
        this::delivered,
        ports.notices(),
        heard,
        outbox,
        tracks,
        carrier,
        uplinks::wake);
  }

  private void delivered(RunDescriptor descriptor) {
    try {
      outbox.remove(descriptor.key());
    } catch (IOException stays) {
      return; // whoever finds it asks W&B, which has it all
    }
  }

  /**
   * What everything here works with.
   *
   * @param machine what {@code wandb-metadata.json} says of this machine
   * @param notices what the user should know
   * @param notes what is good to know
   */
  public record Ports(
      FileSystem files,
      Layout layout,
      Clock clock,
      Pause pause,
      Times times,
      Map<String, ?> machine,
      Consumer<String> notices,
      Consumer<String> notes) {}

  /**
   * Times.
   *
   * @param settle after which every cluster reads what one has written
   * @param live how young a heartbeat must be to count as live
   * @param grace how long a dead run is left to the cluster that had it
   * @param post between two posts of lines
   * @param beat at most so long between two signs of life
   * @param delivery how long one run is tried for by {@code sync}
   */
  public record Times(
      Duration settle,
      Duration live,
      Duration grace,
      Duration post,
      Duration beat,
      Duration delivery) {
    PostSchedule.Pace pace() {
      return new PostSchedule.Pace(post, beat);
    }
  }

  /**
   * A sweep.
   *
   * @param name the group of runs whose config names none
   * @param project W&amp;B's project
   * @param root identity of the lock directory
   * @param logged which of its runs W&amp;B is told of
   * @param buffered which of those tell nothing before the publish that covers it
   * @param byProgram whether a program of the user's makes them, which may tell of them itself
   * @param quiet whether nothing is told of a run before its program does
   */
  public record Sweep(
      String name,
      String project,
      String root,
      Predicate<Point> logged,
      Predicate<Point> buffered,
      boolean byProgram,
      boolean quiet) {}

  /**
   * This worker, for people.
   *
   * @param trainer what trains
   * @param version of this program
   * @param commit of the sweep file's work tree, asked when the first run begins
   */
  public record Who(
      String cluster,
      String worker,
      String host,
      String trainer,
      String version,
      Supplier<@Nullable String> commit) {}
}
