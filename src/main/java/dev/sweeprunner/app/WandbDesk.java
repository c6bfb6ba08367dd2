package dev.sweeprunner.app;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.Version;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.wandb.Entity;
import dev.sweeprunner.wandb.Identity;
import dev.sweeprunner.wandb.RegistryPorts;
import dev.sweeprunner.wandb.Sync;
import dev.sweeprunner.wandb.Tracker;
import dev.sweeprunner.wandb.WandbRegistry;
import dev.sweeprunner.wandb.api.ClientPorts;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.Waiting;
import dev.sweeprunner.wandb.api.WandbClient;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** W&amp;B at work: the client, the tracker, and what each sweep is told and asked with. */
final class WandbDesk {
  private static final Duration AFTER_STOP = Duration.ofMillis(500);

  private final ObjectGraph graph;
  private final Tracking tracking;
  private final Invocation invocation;
  private final Console console;
  private final Signals signals;
  private final Tracker tracker;
  private final Identity identity;
  private final Map<String, Entity> entities = new LinkedHashMap<>();
  private @Nullable WandbClient client;

  WandbDesk(
      ObjectGraph graph,
      Tracking tracking,
      Invocation invocation,
      Console console,
      Signals signals) {
    this.graph = graph;
    this.tracking = tracking;
    this.invocation = invocation;
    this.console = console;
    this.signals = signals;
    this.identity = new Identity(graph.files(), graph.layout());
    this.tracker = new Tracker(basis());
  }

  /** What tells W&amp;B of this sweep's runs. */
  Telemetry telemetry(Sweeps.Loaded read, String worker, Supplier<Provenance> provenance) {
    Tracking.Mode mode = tracking.mode(read.points());
    if (mode == Tracking.Mode.OFF) {
      return Telemetry.OFF;
    }
    Points points = read.points();
    String root = identity.root(points.projectSlug(), UUID.randomUUID().toString());
    Tracker.Sweep sweep =
        new Tracker.Sweep(
            points.sweep().name(),
            Tracking.project(points),
            root,
            tracking.logged(),
            tracking.buffered());
    Tracker.Who who =
        new Tracker.Who(
            graph.settings().cluster(),
            worker,
            graph.self().host(),
            read.training().device(),
            Version.text(),
            () -> provenance.get().commit());
    if (mode == Tracking.Mode.OFFLINE) {
      String chosen = tracking.entity(points);
      return tracker.offline(sweep, who, () -> chosen);
    }
    return tracker.online(sweep, who, entity(points), client());
  }

  /** What W&amp;B is asked about this sweep's runs with. */
  Registry registry(Points points) {
    return switch (tracking.mode(points)) {
      case OFF -> Registry.disabled();
      case OFFLINE -> runId -> new Registry.Remote.NotAsked("W&B is used offline");
      case ONLINE -> asking(points);
    };
  }

  private WandbRegistry asking(Points points) {
    return WandbRegistry.of(
        client(),
        entity(points),
        Tracking.project(points),
        points,
        ports(),
        new WandbRegistry.Asking(
            true, invocation.adopt(), graph.settings().wandb().fresh(), console::warn));
  }

  /** What the shared answer says of a sweep's runs; asks W&amp;B only where it is told to. */
  Registry reading(Points points) {
    Tracking.Mode mode = tracking.modeAtAGlance(points);
    if (mode == Tracking.Mode.OFF) {
      return Registry.disabled();
    }
    if (mode == Tracking.Mode.OFFLINE) {
      return runId -> new Registry.Remote.NotAsked("W&B is used offline");
    }
    if (invocation.refresh()) {
      WandbRegistry registry = asking(points);
      registry.refresh();
    }
    return WandbRegistry.reading(Tracking.project(points), points, invocation.adopt(), ports());
  }

  /** Sends what the runs of a project have not told yet. */
  Sync sync(String project, Claims claims, Journal journal) {
    Entity entity =
        entities.computeIfAbsent(
            project, slug -> new Entity(identity, slug, tracking.entity(), client()));
    return tracker.sync(project, entity, client(), claims, journal);
  }

  /** Looks now and then for ended runs of these sweeps that a killed worker could not tell of. */
  void lookAfter(List<Sweeps.Loaded> sweeps, Claims claims, Journal journal) {
    sweeps.stream()
        .map(Sweeps.Loaded::points)
        .filter(this::online)
        .map(Points::projectSlug)
        .distinct()
        .forEach(project -> tracker.lookAfter(sync(project, claims, journal)));
  }

  /** Whether a sweep's runs are told of online. */
  boolean online(Points points) {
    return tracking.mode(points) == Tracking.Mode.ONLINE;
  }

  /**
   * Starts asking W&amp;B whether it takes the key and knows the entities; nothing is asked where
   * no sweep is told of online.
   *
   * @throws UserError without a key, or where another entity is pinned than was chosen
   */
  AccessCheck check(Sweeps read) {
    List<Entity> asked =
        read.all().stream()
            .map(Sweeps.Loaded::points)
            .filter(this::online)
            .map(this::entity)
            .distinct()
            .toList();
    return asked.isEmpty() ? AccessCheck.none() : AccessCheck.start(client(), asked);
  }

  /** The client, with the account's key. */
  WandbClient client() {
    WandbClient made = client;
    if (made == null) {
      long seed = graph.self().pid() ^ graph.clock().nanos();
      made =
          WandbClient.of(
              tracking.accountWithKey(),
              Patience.brief(),
              new ClientPorts(waiting(), graph.clock()::now, seed, Version.text()));
      client = made;
    }
    return made;
  }

  /**
   * The entity of a sweep's project.
   *
   * @throws UserError if another one is pinned than was chosen
   */
  Entity entity(Points points) {
    Entity entity =
        entities.computeIfAbsent(
            points.projectSlug(),
            slug -> new Entity(identity, slug, tracking.entity(points), client()));
    entity.settled();
    return entity;
  }

  /**
   * Delivers what is left before this worker leaves, and what others left of ended runs.
   *
   * @param desks the sweeps with what they are told and asked with
   */
  void close(List<Sweeps.Loaded> sweeps, Claims claims, Journal journal) {
    List<String> left = tracker.close(graph.settings().wandb().flush());
    if (!left.isEmpty()) {
      console.warn(
          "W&B has not been told everything of "
              + String.join(", ", left)
              + "; when it can be reached, run: sync --storage "
              + graph.settings().storageRoot());
    }
    for (Sweeps.Loaded sweep : sweeps) {
      rest(sweep.points(), claims, journal);
    }
  }

  private void rest(Points points, Claims claims, Journal journal) {
    try {
      if (tracking.mode(points) == Tracking.Mode.OFFLINE) {
        String chosen = tracking.entity(points);
        tracker.writeOfflineRest(points.projectSlug(), () -> chosen, claims, journal);
      } else if (online(points) && !signals.requested()) {
        Sync sync = sync(points.projectSlug(), claims, journal);
        for (String runId : sync.ended()) {
          sync.send(runId);
        }
      }
    } catch (IOException unreadable) {
      console.warn("What W&B lacks could not be looked up: " + unreadable.getMessage());
    }
  }

  private RegistryPorts ports() {
    return new RegistryPorts(graph.files(), graph.layout(), graph.clock(), signals);
  }

  /** A wait that a stop shortens, but never to nothing: what follows it is a request. */
  private Waiting waiting() {
    return time -> {
      signals.pause(time);
      if (signals.requested()) {
        Thread.sleep(Math.min(time.toMillis(), AFTER_STOP.toMillis()));
      }
    };
  }

  private Tracker.Basis basis() {
    Settings.Wandb wandb = graph.settings().wandb();
    return new Tracker.Basis(
        graph.files(),
        graph.layout(),
        graph.clock(),
        signals,
        new Tracker.Times(
            wandb.settle(),
            graph.settings().policy().heartbeatFresh(),
            graph.settings().policy().crashGrace(),
            wandb.post(),
            wandb.beat(),
            wandb.delivery()),
        graph.machine(),
        console::warn);
  }
}
