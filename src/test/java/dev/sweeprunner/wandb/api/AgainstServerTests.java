package dev.sweeprunner.wandb.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.FakeRun;
import dev.sweeprunner.testkit.wandb.FakeWandbServer;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.testkit.wandb.ServerOptions;
import dev.sweeprunner.wandb.api.StreamChunk.Lines;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against the whole fake server, which checks every document against its schema. */
class AgainstServerTests {
  private static final String ENTITY = "acme";

  private FakeWandbServer server;
  private WandbClient client;

  @BeforeEach
  void start() {
    server = FakeWandbServer.start(ServerOptions.usual().withEntity(ENTITY).withPageCap(50));
    client = new Rig(URI.create(server.url())).client();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_run_lives_as_told() throws Exception {
    assertThat(client.viewer().entity()).isEqualTo(ENTITY);
    assertThat(client.states(ENTITY, "grid", List.of("a1")).runs()).isEmpty();
    assertThat(client.run(Rig.RUN)).isEmpty();

    Upserted first = client.upsert(create());
    Upserted second = client.upsert(create());
    client.stream(Rig.RUN, lines(0, 3));
    client.upload(Rig.RUN, Map.of("config.yaml", "lr: 1".getBytes()));
    server.pressStop("a1");
    boolean stopped = client.stream(Rig.RUN, StreamChunk.HEARTBEAT);

    assertThat(List.of(first.inserted(), second.inserted(), stopped))
        .containsExactly(true, false, true);
    RemoteRun run = client.run(Rig.RUN).orElseThrow();
    assertThat(run.state()).isEqualTo("running");
    assertThat(run.historyLines()).isEqualTo(3);
    assertThat(run.config()).containsEntry("lr", 0.1);
    assertThat(server.runs().get("a1").file("config.yaml")).isEqualTo("lr: 1".getBytes());
    assertThat(client.history(Rig.RUN).orElseThrow()).hasSize(3);
    assertThat(server.violations().all()).isEmpty();
  }

  @Test
  void capped_pages_of_states_are_all_read() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      client.upsert(RunUpsert.bare(new RunPath(ENTITY, "grid", "r" + i)));
      ids.add("r" + i);
    }

    States states = client.states(ENTITY, "grid", ids);

    assertThat(states.runs()).extracting(RunState::runId).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void finished_runs_are_listed_with_their_config() throws Exception {
    client.upsert(create());
    client.stream(
        Rig.RUN, new StreamChunk(null, null, null, "{\"iter\":400}", List.of(), false, 0));

    FinishedPage page = client.finished(ENTITY, "grid", null, List.of("lr"));

    assertThat(page.next()).isNull();
    assertThat(page.runs()).hasSize(1);
    assertThat(page.runs().get(0).iter()).isEqualTo(400);
    assertThat(page.runs().get(0).config()).isEqualTo(Map.of("lr", 0.1));
  }

  @Test
  void faults_of_every_kind_lose_nothing_and_double_nothing() throws Exception {
    server.faults().rate(0.3);

    Upserted created = client.upsert(create());
    for (int i = 0; i < 40; i++) {
      client.stream(Rig.RUN, lines(i * 3, 3));
    }
    States states = client.states(ENTITY, "grid", List.of("a1", "a2"));
    server.faults().rate(0);

    assertThat(created.inserted() || created.ambiguous()).isTrue();
    assertThat(states.runs()).extracting(RunState::runId).containsExactly("a1");
    FakeRun run = server.runs().get("a1");
    assertThat(run.history()).isEqualTo(rows(0, 120));
    assertThat(run.rewrittenHistory()).isZero();
    assertThat(server.violations().all()).isEmpty();
  }

  @Test
  void an_upsert_that_was_done_before_the_line_broke_is_ambiguous() throws Exception {
    for (Fault fault : List.of(Fault.DROP_AFTER, Fault.TRUNCATED)) {
      server.faults().next(Channel.GRAPHQL, fault);
      RunPath run = new RunPath(ENTITY, "grid", "x" + fault.ordinal());

      Upserted answer = client.upsert(RunUpsert.bare(run));

      assertThat(answer.inserted()).isFalse();
      assertThat(answer.ambiguous()).isTrue();
    }
  }

  private static RunUpsert create() {
    return new RunUpsert(Rig.RUN, null, Map.of("lr", 0.1), "g", null, null, null, null, null, null);
  }

  private static StreamChunk lines(int from, int count) {
    Lines lines = new Lines(from, rows(from, count));
    return new StreamChunk(lines, null, null, null, List.of(), false, null);
  }

  private static List<String> rows(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(step -> "{\"_step\":" + step + ",\"loss\":" + step * 0.5 + "}")
        .toList();
  }
}
