package dev.sweeprunner.wandb;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Arrears;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Deliveries;
import dev.sweeprunner.run.Delivery;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Provenance;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Requests;
import dev.sweeprunner.run.ServerCheck;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.wandb.api.ClientPorts;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.Traffic;
import dev.sweeprunner.wandb.api.Waiting;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.check.Check;
import dev.sweeprunner.wandb.registry.Entity;
import dev.sweeprunner.wandb.registry.Identity;
import dev.sweeprunner.wandb.registry.RegistryPorts;
import dev.sweeprunner.wandb.registry.WandbRegistry;
import dev.sweeprunner.wandb.telemetry.CardArrears;
import dev.sweeprunner.wandb.telemetry.Sync;
import dev.sweeprunner.wandb.telemetry.Tracker;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * W&amp;B as one process uses it: what each sweep is told and asked with. Nothing is read, sent or
 * started before something is asked for. One thread.
 */
public final class Wandb {
  private static final Duration AFTER_STOP = Duration.ofMillis(500);
  private static final String ONLINE = "online";

  private final Tracking tracking;
  private final Process process;
  private final Options options;
  private final Ports ports;
  private final Identity identity;
  private final Traffic traffic;
  private final Map<String, Entity> entities = new LinkedHashMap<>();
  private @Nullable WandbClient client;
  private @Nullable Tracker tracker;

  /** W&amp;B for one invocation. */
  public Wandb(Tracking tracking, Process process, Options options, Ports ports) {
    this.tracking = tracking;
    this.process = process;
    this.options = options;
    this.ports = ports;
    this.identity = new Identity(ports.files(), ports.layout());
    this.traffic = new Traffic(ports.clock()::nanos);
  }

  /** What tells W&amp;B of this sweep's runs, trained on a device by this worker. */
  public Telemetry telemetry(
      Points points, String device, String worker, Supplier<Provenance> provenance) {
    Tracking.Mode mode = tracking.mode(points);
    if (mode == Tracking.Mode.OFF) {
      return Telemetry.OFF;
    }
    String root = identity.root(points.projectSlug(), UUID.randomUUID().toString());
    Tracker.Sweep sweep = tracking.sweep(points, root);
    Tracker.Who who =
        new Tracker.Who(
            process.cluster(),
            worker,
            process.host(),
            device,
            process.version(),
            () -> provenance.get().commit());
    if (mode == Tracking.Mode.KEPT) {
      return tracker().kept(sweep, who);
    }
    if (mode == Tracking.Mode.OFFLINE) {
      String chosen = tracking.entity(points);
      return tracker().offline(sweep, who, () -> chosen);
    }
    return tracker().online(sweep, who, entity(points), client(), hurried());
  }

  /** How W&amp;B is used for these sweeps, one line for each way. Asks nothing. */
  public List<String> words(List<Points> sweeps) {
    return sweeps.stream()
        .map(p -> tracking.words(p, online(p) ? entity(p).settled() : Optional.empty()))
        .distinct()
        .toList();
  }

  /** What W&amp;B is asked about this sweep's runs with. */
  public Registry registry(Points points) {
    return tracking.asked(points) ? asking(points) : Looking.unasked(tracking, points);
  }

  /**
   * What the shared answers say of the runs of some sweeps, the first of them that holds a run; for
   * commands that only look. Asks W&amp;B only where the user told it to.
   */
  public Registry reading(List<Points> sweeps) {
    return new Looking(tracking, options, registryPorts(), this::asking).at(sweeps);
  }

  private WandbRegistry asking(Points points) {
    return WandbRegistry.of(
        client().waitedFor(),
        entity(points),
        Tracking.project(points),
        points,
        registryPorts(),
        new WandbRegistry.Options(
            true, options.silence().adopt(), options.fresh(), this::warnOnce));
  }

  /** What follows from a silence that has been told needs no word of its own. */
  private void warnOnce(String warning) {
    if (!tracker().contact().lost()) {
      ports.warnings().accept(warning);
    }
  }

  /** What the runs of these sweeps, or of all projects where none is given, have not told yet. */
  public Deliveries deliveries(List<Points> sweeps, Claims claims, Journal journal) {
    return ProjectDeliveries.of(
        sweeps,
        ports.files(),
        ports.layout(),
        tracker()::waiting,
        project -> sync(project, client(), claims, journal));
  }

  private Sync sync(String project, WandbClient client, Claims claims, Journal journal) {
    Entity entity =
        entities.computeIfAbsent(
            project, slug -> new Entity(identity, slug, tracking.entity(), client().waitedFor()));
    return tracker().sync(project, entity, client, claims, journal);
  }

  /** What W&amp;B lacks as far as the disk says; asks and opens nothing. */
  public Arrears arrears(Claims claims, Journal journal) {
    return new CardArrears(
        ports.files(), ports.layout(), claims, journal, options.undelivered().command());
  }

  /** Looks now and then for ended runs of these sweeps that a killed worker could not tell of. */
  public void lookAfter(List<Points> sweeps, Claims claims, Journal journal) {
    sweeps.stream()
        .filter(this::online)
        .map(Points::projectSlug)
        .distinct()
        .forEach(project -> tracker().lookAfter(sync(project, client(), claims, journal)));
  }

  private boolean online(Points points) {
    return tracking.mode(points) == Tracking.Mode.ONLINE;
  }

  /**
   * Starts asking W&amp;B whether it takes the key and knows the entities; nothing is asked where
   * no sweep is told of online, or only once its program logs.
   *
   * @throws UserError without a key, or where another entity is pinned than was chosen
   */
  public AccessCheck access(List<Points> sweeps) {
    List<Entity> asked =
        sweeps.stream().filter(tracking::asked).map(this::entity).distinct().toList();
    Silence silence = options.silence();
    return asked.isEmpty()
        ? AccessCheck.none(silence)
        : AccessCheck.start(hurried(), asked, silence, tracker().contact(), ports.clock().nanos());
  }

  /**
   * Whether a live server does what this program rests on.
   *
   * @throws UserError without a key
   */
  public ServerCheck check() {
    String seed =
        Long.toString(ports.clock().now().toEpochMilli(), Character.MAX_RADIX)
            + "-"
            + Long.toString(process.pid(), Character.MAX_RADIX);
    WandbClient asked = client(ports.pause()::pause);
    return new Check(asked, tracking.entity(), seed, ports.clock(), ports.pause(), ports.stop());
  }

  private WandbClient client() {
    WandbClient made = client;
    if (made == null) {
      made = client(this::brieflyAfterStop);
      client = made;
    }
    return made;
  }

  /** For questions that a claim waits for. */
  private WandbClient hurried() {
    return client().with(options.silence().patience()).waitedFor();
  }

  private WandbClient client(Waiting rest) {
    long seed = process.pid() ^ ports.clock().nanos();
    ClientPorts used = new ClientPorts(rest, ports.clock()::now, seed, process.version(), traffic);
    return WandbClient.of(tracking.accountWithKey(), Patience.brief(), used);
  }

  /** A wait that a stop shortens, but never to nothing: what follows it is a request. */
  private void brieflyAfterStop(Duration time) {
    ports.pause().pause(time);
    if (ports.stop().requested()) {
      ports.rest().pause(time.compareTo(AFTER_STOP) < 0 ? time : AFTER_STOP);
    }
  }

  private Entity entity(Points points) {
    Entity entity =
        entities.computeIfAbsent(
            points.projectSlug(),
            slug -> new Entity(identity, slug, tracking.entity(points), hurried()));
    entity.settled();
    return entity;
  }

  /** How this worker gets on with telling W&amp;B of these sweeps; to be asked from any thread. */
  public Supplier<Delivery> delivery(List<Points> sweeps) {
    if (sweeps.stream().anyMatch(this::online)) {
      Tracker used = tracker();
      return () -> used.delivery(ONLINE);
    }
    boolean off = sweeps.stream().allMatch(points -> tracking.mode(points) == Tracking.Mode.OFF);
    return () -> Delivery.quiet(off ? "disabled" : "offline");
  }

  public Requests asked() {
    return new Requests(traffic.answered(), traffic.took(), traffic.failed(), traffic.again());
  }

  /** Delivers what is left before this worker leaves, and what others left of ended runs. */
  public void close(List<Points> sweeps, Claims claims, Journal journal) {
    List<String> left = tracker == null ? List.of() : tracker.close(options.flush());
    if (!left.isEmpty()) {
      ports.warnings().accept(options.undelivered().of(left, tracker().delivery(ONLINE)));
    }
    sweeps.forEach(points -> rest(points, claims, journal));
  }

  private void rest(Points points, Claims claims, Journal journal) {
    try {
      if (tracking.mode(points) == Tracking.Mode.OFFLINE) {
        tracker()
            .writeOfflineRest(points.projectSlug(), () -> tracking.entity(points), claims, journal);
      } else if (online(points) && !ports.stop().requested()) {
        Sync sync = sync(points.projectSlug(), client().waitedFor(), claims, journal);
        sync.ended().forEach(sync::send);
      }
    } catch (IOException unreadable) {
      ports.warnings().accept("What W&B lacks could not be looked up: " + Why.at(unreadable));
    }
  }

  private Tracker tracker() {
    Tracker made = tracker;
    if (made == null) {
      made =
          new Tracker(
              new Tracker.Ports(
                  ports.files(),
                  ports.layout(),
                  ports.clock(),
                  ports.pause(),
                  options.times(),
                  process.machine().get(),
                  ports.warnings(),
                  ports.notes()));
      tracker = made;
    }
    return made;
  }

  private RegistryPorts registryPorts() {
    return new RegistryPorts(ports.files(), ports.layout(), ports.clock(), ports.pause());
  }

  /**
   * This process, as W&amp;B is told of it.
   *
   * @param version of this program
   * @param machine what {@code wandb-metadata.json} says of this machine
   */
  public record Process(
      String cluster,
      String host,
      long pid,
      String version,
      Supplier<Map<String, Object>> machine) {}

  /**
   * What the user chose.
   *
   * @param times of what is sent
   * @param fresh how old the shared answer may become before one worker asks again
   * @param flush how long a worker that leaves waits for its last words to arrive
   * @param silence what hangs on W&amp;B's answers
   * @param refresh whether a command that only looks asks W&amp;B
   * @param undelivered what is said of what W&amp;B lacks in the end
   */
  public record Options(
      Tracker.Times times,
      Duration fresh,
      Duration flush,
      Silence silence,
      boolean refresh,
      Undelivered undelivered) {}

  /**
   * What W&amp;B is used with.
   *
   * @param pause a wait that a stop ends
   * @param rest one that it does not
   * @param warnings what the user should know
   * @param notes what is good to know
   */
  public record Ports(
      FileSystem files,
      Layout layout,
      Clock clock,
      StopSignal stop,
      Pause pause,
      Pause rest,
      Consumer<String> warnings,
      Consumer<String> notes) {}
}
