package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.wandb.FakeRun;
import dev.sweeprunner.testkit.wandb.FakeWandbServer;
import dev.sweeprunner.testkit.wandb.RunAddress;
import dev.sweeprunner.testkit.wandb.ServerOptions;
import dev.sweeprunner.wandb.api.ClientPorts;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.Waiting;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.registry.Entity;
import dev.sweeprunner.wandb.registry.Identity;
import dev.sweeprunner.wandb.settings.Account;
import dev.sweeprunner.wandb.settings.Credential;
import dev.sweeprunner.wandb.settings.Network;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A fake server, a storage root, and all that an uplink needs; time passes when a test says so. */
public final class Station implements AutoCloseable {
  public static final String ENTITY = "fake-entity";
  static final String PROJECT = "test";
  static final String RUN = "0123abcd";
  static final RunKey KEY = new RunKey("test", "tiny", RUN, 1);
  static final PostSchedule.Pace PACE =
      new PostSchedule.Pace(Duration.ofSeconds(15), Duration.ofSeconds(30));

  static final String SECRET = "0123456789abcdef0123456789abcdef01234567";

  final SettableClock clock = new SettableClock();
  public final FakeWandbServer server;
  public final FileSystem files = new LocalFiles();
  public final Layout layout;
  final Outbox outbox;
  private final WandbClient client;
  public final List<String> notices = new CopyOnWriteArrayList<>();
  final List<String> heard = new CopyOnWriteArrayList<>();
  final Contact contact =
      new Contact(clock, line -> heard.add("Warning: " + line), line -> heard.add("Note: " + line));
  final List<RunDescriptor> delivered = new CopyOnWriteArrayList<>();

  public Station(Path root) {
    // The fake server's Date header, by which clients judge heartbeats, is the machine's time.
    clock.jump(Duration.between(clock.now(), Instant.now()));
    server = FakeWandbServer.start(ServerOptions.usual().with(clock));
    client = client(SECRET, clock::now);
    layout = new Layout(root);
    outbox = new Outbox(files, layout);
  }

  public WandbClient client() {
    return client;
  }

  /** Another client, with connections of its own. */
  final WandbClient client(String secret, Supplier<Instant> time) {
    return client(secret, time, waited -> {});
  }

  /**
   * Another client, with connections of its own.
   *
   * @param waiting what happens in place of a wait between two tries
   */
  final WandbClient client(String secret, Supplier<Instant> time, Waiting waiting) {
    URI base = URI.create(server.url());
    Network network =
        new Network(
            address -> Optional.empty(), List.of(), false, Map.of(), Duration.ofSeconds(10));
    Account account =
        new Account(base, base, new Credential.ApiKey(secret), null, null, null, "", "", network);
    return WandbClient.of(account, Patience.brief(), new ClientPorts(waiting, time, 7, "1.0"));
  }

  Entity entity() {
    Identity identity = new Identity(files, layout);
    identity.pin(PROJECT, ENTITY);
    return new Entity(identity, PROJECT, ENTITY, client());
  }

  UplinkPorts ports() {
    return ports(client());
  }

  UplinkPorts ports(WandbClient client) {
    return ports(client, new Tracks(files, layout));
  }

  UplinkPorts ports(Tracks tracks) {
    return ports(client(), tracks);
  }

  /** Ports whose files are carried in this way. */
  UplinkPorts ports(Executor carrier) {
    return ports(client(), new Tracks(files, layout), carrier);
  }

  private UplinkPorts ports(WandbClient client, Tracks tracks) {
    return ports(client, tracks, Runnable::run);
  }

  private UplinkPorts ports(WandbClient client, Tracks tracks, Executor carrier) {
    return new UplinkPorts(
        client.with(new Patience(1, Duration.ofSeconds(30), Duration.ofSeconds(30))),
        entity(),
        clock,
        PACE,
        Optional::empty,
        Map.of("os", "test"),
        delivered::add,
        notices::add,
        contact,
        outbox,
        tracks,
        carrier,
        () -> {});
  }

  Uplink uplink(int epoch, Ledger safe, boolean live) {
    return uplink(epoch, safe, live, () -> false);
  }

  Uplink uplink(int epoch, Ledger safe, boolean live, BooleanSupplier lost) {
    return uplink(descriptor("root", epoch), safe, live, lost, ports());
  }

  /** An uplink of a run that this worker trains itself. */
  static Uplink uplink(
      RunDescriptor card, Ledger safe, boolean live, BooleanSupplier lost, UplinkPorts ports) {
    return new Uplink(
        new KeptCard(card, ports.outbox(), true, kept -> kept),
        card.claimant().epoch(),
        Manner.own(live),
        safe,
        lost,
        ports);
  }

  /** A card of this kit's run. */
  RunDescriptor descriptor(String root, int epoch) {
    return descriptor(root, epoch, RUN);
  }

  RunDescriptor descriptor(String root, int epoch, String runId) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("training.max_iters", 12L);
    config.put("cluster", "near");
    return new RunDescriptor(
        new RunKey(KEY.project(), KEY.group(), runId, KEY.seed()),
        PROJECT,
        "tiny",
        null,
        null,
        "host",
        null,
        Instant.parse("2026-11-23T17:00:00Z"),
        new Claimant(root, epoch, "cluster-" + root, "worker", "cpu", "1.0"),
        config,
        null);
  }

  RunAddress address() {
    return new RunAddress(ENTITY, PROJECT, RUN);
  }

  FakeRun remote() {
    return server.runs().get(RUN);
  }

  /** Lets an uplink do whatever it can until that moment is past. */
  void serve(Uplink uplink, Duration time) {
    long end = clock.nanos() + time.toNanos();
    while (!uplink.done() && uplink.due() <= end) {
      clock.advance(Duration.ofNanos(Math.max(0, uplink.due() - clock.nanos())));
      uplink.step();
    }
    clock.advance(Duration.ofNanos(Math.max(0, end - clock.nanos())));
  }

  @Override
  public void close() {
    server.close();
  }
}
