package dev.sweeprunner.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.Relay;
import dev.sweeprunner.testkit.relay.LoggingClient;
import dev.sweeprunner.testkit.relay.LoggingClient.InitFailed;
import dev.sweeprunner.testkit.relay.RawConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client that keeps to the protocol is answered. */
class LoopbackRelayTests {
  @TempDir Path folder;

  private DoorWorld world;

  @BeforeEach
  void open() throws IOException {
    world = new DoorWorld(folder);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_life_gives_an_environment_that_leads_here() throws IOException {
    Relay.Life life = world.fresh();

    assertThat(life.environment())
        .containsEntry("WANDB_MODE", "online")
        .containsEntry("WANDB_X_FILE_STREAM_TRANSMIT_INTERVAL", "1")
        .containsEntry("WANDB_FINISH_TIMEOUT", "30")
        .containsEntry("WANDB_ERROR_REPORTING", "false");
    assertThat(life.environment().get("WANDB_API_KEY")).matches("[0-9a-f]{40}");
    assertThat(life.environment().get("WANDB_BASE_URL")).matches("http://127\\.0\\.0\\.1:\\d+");
    assertThat(life.spoken()).isFalse();
  }

  @Test
  void rows_the_summary_the_console_and_the_end_reach_the_book() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);

    client.log(Map.of("loss", 2.0));
    client.log(Map.of("loss", 1.0));
    client.print("epoch 1");
    int posted = client.post().status();
    int ended = client.finish(0).status();

    assertThat(List.of(posted, ended)).containsExactly(200, 200);
    assertThat(life.spoken()).isTrue();
    assertThat(life.complete()).isTrue();
    assertThat(world.book().steps()).containsExactly(0L, 1L);
    assertThat(world.book().console()).containsExactly("epoch 1");
    assertThat(world.book().summary()).contains("\"loss\":1.0");
    assertThat(world.book().exitCode()).isZero();
    assertThat(world.book().told().get(0)).containsEntry("program", "train.py");
    awaitNothingUnderWay(); // which the book is told after the client
    assertThat(world.book().underWay()).isZero();
    assertThat(world.log).isEmpty();
  }

  @Test
  void the_relay_tells_how_many_programs_and_rows_it_has() throws Exception {
    Optional<Relay.Standing> before = world.relay.standing();
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);
    client.log(Map.of("loss", 2.0));
    client.log(Map.of("loss", 1.0));
    client.print("no row");
    client.post();

    assertThat(before).isEmpty();
    assertThat(world.relay.standing()).contains(new Relay.Standing(true, 1, 2));

    life.close();
    assertThat(world.relay.standing()).contains(new Relay.Standing(true, 0, 2));

    world.relay.close();
    assertThat(world.relay.standing()).contains(new Relay.Standing(false, 0, 2));
  }

  @Test
  void whatever_a_program_asks_for_it_gets_the_claims_names_but_keeps_its_id() throws Exception {
    Relay.Life life = world.fresh();

    LoggingClient client = world.client(world.told(life).withRunId("own9"));
    client.log(Map.of("x", 1));
    client.post();

    assertThat(client.runId()).isEqualTo("own9");
    assertThat(client.entity()).isEqualTo("team");
    assertThat(client.project()).isEqualTo("proj");
    assertThat(world.book().steps()).containsExactly(0L);
  }

  @Test
  void an_heir_goes_on_after_the_step_of_its_base() throws Exception {
    Relay.Life life = world.at(4);

    LoggingClient client = world.client(life);
    client.log(Map.of("loss", 2.0));
    client.post();

    assertThat(client.resumed()).isTrue();
    assertThat(world.book().steps()).containsExactly(5L);
    assertThat(client.warnings()).isEmpty();
  }

  @Test
  void an_heir_is_told_the_summary_of_its_base_and_no_runtime() throws Exception {
    LoggingClient client = world.client(world.at(4));

    String answer = client.ask("RunResumeStatus", Map.of("name", world.key.runId())).body();

    assertThat(answer).contains("\"summaryMetrics\":\"{\\\"loss\\\":2,\\\"nan\\\":NaN}\"");
    assertThat(answer).contains("\"historyTail\":\"[\\\"{\\\\\\\"_step\\\\\\\":4}\\\"]\"");
    assertThat(answer).doesNotContain("runtime");
  }

  @Test
  void a_base_without_rows_begins_at_step_0() throws Exception {
    Relay.Life life = world.at(-1);

    LoggingClient client = world.client(life);
    client.log(Map.of("loss", 2.0));
    client.post();

    assertThat(client.resumed()).isTrue();
    assertThat(world.book().steps()).containsExactly(0L);
  }

  @Test
  void a_new_run_is_not_resumed() throws Exception {
    LoggingClient client = world.client(world.fresh());

    assertThat(client.resumed()).isFalse();
  }

  @Test
  void a_run_opened_again_after_its_end_goes_on_where_it_was() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient first = world.client(life);
    first.log(Map.of("a", 1));
    first.finish(0);

    LoggingClient second = world.client(life);
    second.log(Map.of("a", 2));
    second.post();

    assertThat(second.resumed()).isTrue();
    assertThat(second.runId()).isEqualTo(world.key.runId());
    assertThat(world.book().steps()).containsExactly(0L, 1L);
    assertThat(life.complete()).isFalse();
  }

  @Test
  void a_client_that_said_goodbye_is_no_rival_though_its_connections_stay() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient first = world.client(life);
    byte[] goodbye = "{\"complete\":true,\"exitcode\":0}".getBytes(UTF_8);
    try (RawConnection connection = new RawConnection(world.told(life).url())) {
      connection.send("POST", path(first), headers(life), goodbye);

      LoggingClient second = world.client(life);

      assertThat(second.runId()).isEqualTo(world.key.runId());
    }
  }

  @Test
  void a_further_id_is_a_run_beside_the_claims() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient first = world.client(life);
    first.log(Map.of("a", 1));
    first.finish(0);

    LoggingClient second = world.client(world.told(life).withRunId("fold2"));
    second.log(Map.of("a", 2));
    second.finish(0);
    LoggingClient again = world.client(world.told(life).withRunId("fold2"));
    again.log(Map.of("a", 3));
    again.post();

    assertThat(second.runId()).isEqualTo("fold2");
    assertThat(again.runId()).isEqualTo(second.runId());
    assertThat(second.resumed()).isFalse();
    assertThat(world.book().steps()).containsExactly(0L);
    assertThat(world.beside("-2").steps()).containsExactly(0L, 1L);
  }

  @Test
  void two_ranks_that_open_one_run_write_two() throws Exception {
    Relay.Life life = world.fresh();

    LoggingClient rank0 = world.client(life);
    LoggingClient rank1 = world.client(life);
    LoggingClient rank2 = world.client(life);
    for (int step = 0; step < 3; step++) {
      rank0.log(Map.of("rank", 0));
      rank1.log(Map.of("rank", 1));
      rank0.post();
      rank1.post();
    }

    assertThat(rank0.runId()).isEqualTo(world.key.runId());
    assertThat(rank1.runId()).isEqualTo(world.key.runId() + "-2");
    assertThat(rank2.runId()).isEqualTo(world.key.runId() + "-3");
    assertThat(rank1.resumed()).isFalse();
    assertThat(world.book().steps()).containsExactly(0L, 1L, 2L);
    assertThat(world.book().lines()).allMatch(line -> line.contains("\"rank\":0"));
    assertThat(world.beside("-2").steps()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void the_ranks_of_an_heir_go_on_from_one_step() throws Exception {
    Relay.Life life = world.at(9);

    LoggingClient rank0 = world.client(life);
    rank0.log(Map.of("rank", 0));
    rank0.post();
    LoggingClient rank1 = world.client(life);

    assertThat(rank1.runId()).isEqualTo(world.key.runId() + "-2");
    assertThat(rank1.step()).isEqualTo(10);
  }

  @Test
  void the_later_words_of_a_client_are_about_its_own_run() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient rank0 = world.client(life);
    LoggingClient rank1 = world.client(life);

    rank0.defineMetric("loss", "epoch");
    rank0.post();
    rank1.defineMetric("loss", "epoch");
    rank1.post();

    assertThat(world.book().told()).hasSize(2);
    assertThat(world.beside("-2").told()).hasSize(2);
  }

  @Test
  void a_program_that_restarts_itself_goes_on_with_the_run_of_its_dead_self() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient dead = world.client(life);
    dead.log(Map.of("a", 1));
    dead.post();
    dead.kill();

    LoggingClient heir = awaitClientOf(life, world.key.runId());
    heir.log(Map.of("a", 2));
    heir.post();

    assertThat(heir.resumed()).isTrue();
    assertThat(world.book().steps()).containsExactly(0L, 1L);
  }

  @Test
  void of_a_post_that_breaks_off_nothing_is_taken() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);
    for (int i = 0; i < 100; i++) {
      client.log(Map.of("loss", 1.0 / (i + 1)));
    }

    client.killInAPost(0.9);

    awaitNothingUnderWay();
    assertThat(world.book().begunInAll()).isEqualTo(1);
    assertThat(world.book().lines()).isEmpty();
  }

  @Test
  void a_full_disk_makes_the_client_keep_what_it_has() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);
    client.log(Map.of("loss", 1));
    world.book().full(true);

    int refused = client.post().status();
    int again = client.post().status();
    world.book().full(false);
    int taken = client.post().status();

    assertThat(List.of(refused, again, taken)).containsExactly(503, 503, 200);
    assertThat(world.book().steps()).containsExactly(0L);
    assertThat(world.notes).hasSize(1);
    assertThat(world.notes.get(0)).contains("No space left on device");
  }

  @Test
  void a_life_that_is_over_takes_nothing_more() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);
    client.log(Map.of("loss", 1));
    ToldBook book = world.book();

    life.close();
    life.close();
    int refused = client.post().status();

    assertThat(refused).isEqualTo(401);
    assertThat(book.lines()).isEmpty();
    assertThat(book.closed()).isTrue();
    assertThatThrownBy(() -> world.client(life)).isInstanceOf(InitFailed.class);
    assertThat(world.notes).isEmpty();
  }

  @Test
  void a_post_under_way_when_the_life_ends_is_not_taken() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);
    byte[] body = history(0, "{\\\"_step\\\":0}").getBytes(UTF_8);
    try (RawConnection connection = new RawConnection(world.told(life).url())) {
      connection.sendPart("POST", path(client), headers(life), body, 20);
      awaitBegun(1);

      life.close();
      connection.sendMore(Arrays.copyOfRange(body, 20, body.length));

      assertThat(connection.reply().status()).isEqualTo(401);
      assertThat(world.book().lines()).isEmpty();
    }
  }

  @Test
  void what_was_read_when_the_life_ended_is_not_written_down() throws IOException {
    LoopbackLife life = (LoopbackLife) world.fresh();
    AtomicBoolean written = new AtomicBoolean();

    life.close();

    assertThatThrownBy(() -> life.take(() -> written.getAndSet(true)))
        .isInstanceOf(Body.Revoked.class);
    assertThat(written).isFalse();
  }

  @Test
  void the_end_of_a_life_waits_for_a_post_that_is_being_written_down() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);
    client.log(Map.of("loss", 1));
    CountDownLatch latch = new CountDownLatch(1);
    world.book().holds(latch);
    CompletableFuture<Integer> posting = CompletableFuture.supplyAsync(() -> status(client));
    awaitBegun(1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(life::close);
    latch.countDown();

    closing.get(10, TimeUnit.SECONDS);
    int answered = posting.get(10, TimeUnit.SECONDS);
    assertThat(world.book().lines()).hasSize(answered == 200 ? 1 : 0);
  }

  @Test
  void waiting_for_posts_ends_with_the_first_one_that_began_later() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);
    client.log(Map.of("loss", 1));
    client.post();
    client.log(Map.of("loss", 2));

    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> life.awaitPosts(Duration.ofSeconds(20)));
    assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    client.post();

    waiting.get(5, TimeUnit.SECONDS);
    assertThat(world.book().steps()).containsExactly(0L, 1L);
  }

  @Test
  void nobody_waits_for_the_posts_of_a_program_that_has_gone() throws Exception {
    Relay.Life life = world.fresh();
    life.awaitPosts(Duration.ofSeconds(100));
    LoggingClient client = world.client(life);
    client.finish(0);

    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> life.awaitPosts(Duration.ofSeconds(100)));

    waiting.get(10, TimeUnit.SECONDS);
    assertThat(life.complete()).isTrue();
  }

  @Test
  void an_heir_reaches_the_same_port_with_another_token() throws Exception {
    Relay.Life first = world.fresh();
    Map<String, String> before = first.environment();
    first.close();

    Relay.Life second = world.at(0);

    assertThat(second.environment().get("WANDB_BASE_URL")).isEqualTo(before.get("WANDB_BASE_URL"));
    assertThat(second.environment().get("WANDB_API_KEY")).isNotEqualTo(before.get("WANDB_API_KEY"));
  }

  @Test
  void an_operation_that_it_does_not_know_is_refused_in_words_and_named_once() throws Exception {
    LoggingClient client = world.client(world.fresh());

    String answer = client.ask("UpsertSweep", Map.of()).body();
    String again = client.ask("UpsertSweep", Map.of()).body();

    assertThat(answer).isEqualTo(again).startsWith("{\"data\":null,\"errors\":[{\"message\":\"");
    assertThat(answer).contains("UpsertSweep").contains("--relay off");
    assertThat(world.notes).hasSize(1);
    assertThat(world.log).isEqualTo(world.notes);
  }

  @Test
  void each_run_s_log_names_what_was_refused_and_the_user_hears_of_it_once() throws Exception {
    Relay.Life first = world.fresh();
    world.client(first).ask("UpsertSweep", Map.of());
    first.close();

    world.client(world.fresh()).ask("UpsertSweep", Map.of());

    assertThat(world.log).hasSize(2);
    assertThat(world.notes).singleElement().isEqualTo(world.log.get(1));
  }

  @Test
  void older_clients_are_answered_too() throws Exception {
    LoggingClient client = world.client(world.fresh());

    assertThat(client.ask("ServerInfo", Map.of()).body()).contains("max_cli_version");
    assertThat(client.ask("RunStoppedStatus", Map.of()).body()).contains("\"stopped\":false");
    assertThat(world.notes).isEmpty();
  }

  @Test
  void files_are_taken_and_given_at_the_address_that_was_drawn_for_them() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);

    int status = client.save("model.bin", new byte[] {1, 2, 3}).status();

    assertThat(status).isEqualTo(200);
    assertThat(world.stores.get(0).kept().get("/secret-model.bin")).containsExactly(1, 2, 3);
    try (RawConnection anybody = new RawConnection(world.told(life).url())) {
      assertThat(anybody.send("PUT", "/upload/1/guess", Map.of(), new byte[1]).status())
          .isEqualTo(403);
      assertThat(anybody.send("GET", "/upload/1/guess", Map.of(), new byte[0]).status())
          .isEqualTo(404);
      assertThat(anybody.send("GET", "/upload/1/secret-model.bin", Map.of(), new byte[0]).body())
          .isEqualTo("\u0001\u0002\u0003");
    }
  }

  @Test
  void the_address_that_clients_print_says_where_the_run_is() throws Exception {
    Relay.Life life = world.fresh();
    String url = world.told(life).url();
    world.client(life);

    try (RawConnection browser = new RawConnection(url)) {
      String id = world.key.runId();
      RawConnection.Reply page =
          browser.send("GET", "/team/proj/runs/" + id, Map.of(), new byte[0]);
      RawConnection.Reply none =
          browser.send("GET", "/team/proj/runs/other", Map.of(), new byte[0]);

      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains(world.layout.run(world.key).toString());
      assertThat(none.status()).isEqualTo(404);
    }
  }

  @Test
  void it_listens_on_loopback_alone_and_leaves_nothing_in_its_folder() throws Exception {
    Relay.Life life = world.fresh();
    world.client(life);

    assertThat(URI.create(world.told(life).url()).getHost()).isEqualTo("127.0.0.1");
    assertThat(world.layout.out()).isEmptyDirectory();
  }

  private LoggingClient awaitClientOf(Relay.Life life, String id) throws Exception {
    for (int i = 0; ; i++) {
      LoggingClient client = world.client(life);
      if (client.runId().equals(id) || i == 50) {
        return client;
      }
      client.kill();
      Thread.sleep(20);
    }
  }

  private void awaitBegun(int posts) throws InterruptedException {
    for (int i = 0; i < 500 && world.book().begunInAll() < posts; i++) {
      Thread.sleep(10);
    }
  }

  private void awaitNothingUnderWay() throws InterruptedException {
    awaitBegun(1);
    for (int i = 0; i < 500 && world.book().underWay() > 0; i++) {
      Thread.sleep(10);
    }
  }

  private static int status(LoggingClient client) {
    try {
      return client.post().status();
    } catch (IOException e) {
      return -1;
    }
  }

  private static String path(LoggingClient client) {
    return "/files/team/proj/" + client.runId() + "/file_stream";
  }

  private Map<String, String> headers(Relay.Life life) {
    byte[] pair = ("api:" + world.told(life).key()).getBytes(UTF_8);
    return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  private static String history(long offset, String line) {
    return "{\"files\":{\"wandb-history.jsonl\":{\"offset\":"
        + offset
        + ",\"content\":[\""
        + line
        + "\"]}}}";
  }
}
