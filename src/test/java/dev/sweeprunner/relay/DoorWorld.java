package dev.sweeprunner.relay;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.relay.rows.ClaimBook;
import dev.sweeprunner.relay.rows.SideBooks;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.relay.ClientSettings;
import dev.sweeprunner.testkit.relay.LoggingClient;
import dev.sweeprunner.testkit.relay.LoggingClient.InitFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** A relay over books and stores in memory, and what it has said. */
final class DoorWorld implements AutoCloseable {
  final Clock clock = new SystemClock();
  final Layout layout;
  final RunKey key;
  final List<ToldBook> books = Collections.synchronizedList(new ArrayList<>());
  final List<SideBooks.Known> earlier = new ArrayList<>();
  final Map<String, ToldBook> beside = Collections.synchronizedMap(new HashMap<>());
  final List<ToldStore> stores = Collections.synchronizedList(new ArrayList<>());
  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  final LoopbackRelay relay;
  private final ClaimedRun run;
  private final AtomicInteger drawn = new AtomicInteger();

  DoorWorld(Path folder) throws IOException {
    Points points = Grids.program(folder.resolve("sweep"));
    this.layout = new Layout(folder);
    this.key = points.key(0);
    Files.createDirectories(layout.out());
    this.run = new ClaimedRun(points.at(0), new NamedClaim(key, 3), null);
    this.relay = new LoopbackRelay(ports());
  }

  /** Opens a life of a new run. */
  Relay.Life fresh() throws IOException {
    return open(new Relay.Base.Fresh());
  }

  /** Opens a life of a run that goes on from a step. */
  Relay.Life at(long step) throws IOException {
    TrackedRun.Names unsaid = TrackedRun.Names.NONE;
    return open(
        new Relay.Base.At(
            step,
            1.5,
            new TrackedRun(
                "{\"lr\":{\"value\":0.1}}",
                "{\"loss\":2,\"_runtime\":3,\"_wandb\":{\"runtime\":3},\"nan\":NaN}",
                unsaid)));
  }

  Relay.Life open(Relay.Base base) throws IOException {
    Relay.Names names = new Relay.Names("team", "proj", "grid", "lr=0.1");
    return relay.open(new Relay.Opening(run, names, base, log::add, notes::add));
  }

  /** What a program of this life is told by its environment. */
  ClientSettings told(Relay.Life life) {
    Map<String, String> environment = new HashMap<>(life.environment());
    environment.put("WANDB_RUN_ID", key.runId());
    environment.put("WANDB_RESUME", "allow");
    return ClientSettings.of(environment);
  }

  /** A program of this life that has opened its run. */
  LoggingClient client(Relay.Life life) throws IOException, InitFailed {
    return client(told(life));
  }

  LoggingClient client(ClientSettings settings) throws IOException, InitFailed {
    return LoggingClient.init(settings, clock, Map.of("lr", 0.1));
  }

  /** The book of the newest life's claim. */
  ToldBook book() {
    return books.get(books.size() - 1);
  }

  /** The book of a run beside it, {@code "-2"}. */
  ToldBook beside(String number) {
    return Objects.requireNonNull(beside.get(key.runId() + number), beside.keySet().toString());
  }

  @Override
  public void close() {
    relay.close();
  }

  private RelayPorts ports() {
    return new RelayPorts(
        layout,
        clock,
        () -> String.format(Locale.ROOT, "%040x", 0xabcdef + drawn.incrementAndGet()),
        new RelayPorts.Books() {
          @Override
          public ClaimBook ofClaim(Relay.Opening opening) {
            books.add(new ToldBook(opening.base()));
            return book();
          }

          @Override
          public SideBooks beside(Relay.Opening opening) {
            return new ToldBesides(List.copyOf(earlier), key.runId(), beside);
          }
        },
        (opening, folder, address, said) -> {
          ToldStore store = new ToldStore(address);
          stores.add(store);
          return store;
        });
  }
}
