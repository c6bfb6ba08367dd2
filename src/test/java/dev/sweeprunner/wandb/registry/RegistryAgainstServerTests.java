package dev.sweeprunner.wandb.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.FakeWandbServer;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.testkit.wandb.LoggedRequest;
import dev.sweeprunner.testkit.wandb.ServerOptions;
import dev.sweeprunner.wandb.api.ClientPorts;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.settings.Account;
import dev.sweeprunner.wandb.settings.Credential;
import dev.sweeprunner.wandb.settings.Network;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry through the real client against the whole fake server. */
class RegistryAgainstServerTests {
  private static final String ENTITY = "acme";
  private static final String PROJECT = "test";
  private static final long MAX_ITERS = 12;

  private final SettableClock clock = new SettableClock();

  @TempDir private Path folder;
  private FakeWandbServer server;
  private WandbClient client;

  @BeforeEach
  void start() {
    server = FakeWandbServer.start(ServerOptions.usual().withEntity(ENTITY));
    URI base = URI.create(server.url());
    Network network =
        new Network(
            address -> Optional.empty(), List.of(), false, Map.of(), Duration.ofSeconds(10));
    Account account =
        new Account(
            base,
            base,
            new Credential.ApiKey("0123456789abcdef0123456789abcdef01234567"),
            null,
            null,
            null,
            "",
            "",
            network);
    client =
        WandbClient.of(account, Patience.once(), new ClientPorts(wait -> {}, clock::now, 7, "1.2"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private WandbRegistry registry(Points points, boolean adopts) {
    Layout layout = new Layout(folder);
    Identity identity = new Identity(new LocalFiles(), layout);
    identity.pin(points.projectSlug(), ENTITY);
    return WandbRegistry.of(
        client,
        new Entity(identity, points.projectSlug(), ENTITY, client),
        PROJECT,
        points,
        new RegistryPorts(new LocalFiles(), new Layout(folder), clock, clock::advance),
        new WandbRegistry.Options(true, adopts, Duration.ofSeconds(30), warning -> {}));
  }

  private void create(String runId, @Nullable Map<String, @Nullable Object> config)
      throws Exception {
    client.upsert(
        new RunUpsert(
            new RunPath(ENTITY, PROJECT, runId),
            null,
            config,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    client.stream(new RunPath(ENTITY, PROJECT, runId), StreamChunk.HEARTBEAT);
  }

  private void finish(String runId) throws Exception {
    String summary = "{\"iter\":" + MAX_ITERS + "}";
    client.stream(
        new RunPath(ENTITY, PROJECT, runId),
        new StreamChunk(null, null, null, summary, List.of(), false, 0));
  }

  @Test
  void eighty_points_cost_one_request_each_time_and_are_seen_as_they_are() throws Exception {
    Points points = Grids.tiny(folder, 80, MAX_ITERS);
    create(points.runId(0), null);
    create(points.runId(1), null);
    finish(points.runId(1));
    create("agent123", Json.object(points.at(2).config().canonicalJson().getBytes(UTF_8)));
    finish("agent123");
    server.requests().clear();
    List<Remote> states = new ArrayList<>();

    for (int worker = 0; worker < 5; worker++) {
      WandbRegistry registry = registry(points, true);
      states = List.of(0, 1, 2, 3).stream().map(i -> registry.state(points.runId(i))).toList();
    }

    assertThat(server.requests().all())
        .extracting(LoggedRequest::operation)
        .containsExactly("Runs", "FinishedRuns");
    assertThat(states.get(0))
        .isInstanceOfSatisfying(
            Remote.Found.class, found -> assertThat(found.state().word()).isEqualTo("running"));
    assertThat(states.get(1))
        .isInstanceOfSatisfying(
            Remote.Found.class, found -> assertThat(found.state().iter()).isEqualTo(MAX_ITERS));
    assertThat(states.get(2))
        .isInstanceOfSatisfying(
            Remote.Adopted.class, adopted -> assertThat(adopted.as()).isEqualTo("agent123"));
    assertThat(states.get(3)).isInstanceOf(Remote.NotFound.class);
    assertThat(server.violations().all()).isEmpty();
  }

  @Test
  void whatever_goes_wrong_is_unknown_and_never_absent() throws Exception {
    Points points = Grids.tiny(folder, 3, MAX_ITERS);
    create(points.runId(0), null);
    WandbRegistry registry = registry(points, false);
    registry.state(points.runId(0));

    for (Fault fault :
        List.of(
            Fault.ERROR_500,
            Fault.BAD_GATEWAY,
            Fault.LIMITED,
            Fault.LIMITED_RETRY_AFTER,
            Fault.DROP_BEFORE,
            Fault.DROP_AFTER,
            Fault.WRONG_PAGE,
            Fault.TRUNCATED,
            Fault.FORBIDDEN)) {
      clock.advance(Duration.ofMinutes(2));
      server.requests().clear();
      server.faults().next(Channel.GRAPHQL, fault);

      Remote state = registry.state(points.runId(0));

      assertThat(state).as(fault.name()).isInstanceOf(Remote.Unknown.class);
      assertThat(server.requests().all()).as(fault.name()).hasSize(1);
    }
  }
}
