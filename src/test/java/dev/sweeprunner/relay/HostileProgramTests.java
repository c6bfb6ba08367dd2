package dev.sweeprunner.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.Relay;
import dev.sweeprunner.testkit.relay.LoggingClient;
import dev.sweeprunner.testkit.relay.LoggingClient.InitFailed;
import dev.sweeprunner.testkit.relay.RawConnection;
import dev.sweeprunner.testkit.relay.RawConnection.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program can do to the relay that keeps to nothing. */
class HostileProgramTests {
  private static final String STRANGE = "f".repeat(40);

  @TempDir Path folder;

  private DoorWorld world;
  private Relay.Life life;
  private LoggingClient client;

  @BeforeEach
  void open() throws Exception {
    world = new DoorWorld(folder);
    life = world.fresh();
    client = world.client(life);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_key_of_the_programs_own_is_refused_in_words_and_told_once() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> world.client(world.told(life).withKey(STRANGE)))
          .isInstanceOf(InitFailed.class)
          .hasMessageContaining("wandb.login(key=...)")
          .hasMessageContaining("--relay off");
    }

    assertThat(world.notes).hasSize(1);
    assertThat(world.notes.get(0)).contains("wandb.login(key=...)");
  }

  @Test
  void a_post_with_a_strange_key_or_none_is_refused() throws IOException {
    try (RawConnection connection = connect()) {
      byte[] row = row(0).getBytes(UTF_8);

      int strange = connection.send("POST", stream(), headers(STRANGE), row).status();
      int none = connection.send("POST", stream(), Map.of(), row).status();
      int asked = connection.send("POST", "/graphql", Map.of(), "{}".getBytes(UTF_8)).status();

      assertThat(List.of(strange, none, asked)).containsOnly(401);
      assertThat(world.book().lines()).isEmpty();
    }
  }

  @Test
  void another_runs_id_reaches_nothing() throws IOException {
    try (RawConnection connection = connect()) {
      byte[] row = row(0).getBytes(UTF_8);
      String other = "/files/team/proj/deadbeef/file_stream";

      int status = connection.send("POST", other, headers(token()), row).status();

      assertThat(status).isEqualTo(404);
      assertThat(world.book().lines()).isEmpty();
      assertThat(world.notes).hasSize(1);
    }
  }

  @Test
  void a_run_of_another_life_is_out_of_reach() throws Exception {
    DoorWorld same = world;
    Relay.Life second = same.fresh();
    LoggingClient other = same.client(second);
    other.log(Map.of("a", 1));
    other.post();
    ToldBook first = same.books.get(0);

    client.log(Map.of("b", 2));
    client.post();

    assertThat(first.lines()).hasSize(1).allMatch(line -> line.contains("\"b\""));
    assertThat(same.books.get(1).lines()).hasSize(1).allMatch(line -> line.contains("\"a\""));
  }

  @Test
  void a_child_that_outlives_its_life_is_refused_while_the_heir_writes() throws Exception {
    client.log(Map.of("a", 1));
    client.post();
    life.close();
    Relay.Life heirs = world.at(0);
    LoggingClient heir = world.client(heirs);

    client.log(Map.of("a", 2));
    int late = client.post().status();
    int asked = client.ask("UpsertBucket", Map.of("name", client.runId())).status();
    heir.log(Map.of("a", 3));
    heir.post();

    assertThat(List.of(late, asked)).containsOnly(401);
    assertThat(world.books.get(0).steps()).containsExactly(0L);
    assertThat(world.book().steps()).containsExactly(1L);
    assertThat(world.notes).isEmpty();
  }

  @Test
  void a_program_that_must_not_resume_dies_by_its_own_will() throws IOException {
    life.close();
    Relay.Life heirs = world.at(0);

    assertThatThrownBy(() -> world.client(world.told(heirs).withResume("never")))
        .isInstanceOf(InitFailed.class);
    assertThat(world.book().told()).isEmpty();
    assertThat(heirs.spoken()).isFalse();
  }

  @Test
  void of_a_body_without_end_nothing_is_kept_and_little_held() throws Exception {
    byte[] piece = ("\"" + "x".repeat((1 << 20) - 3) + "\",").getBytes(UTF_8);
    int pieces = 200;
    byte[] head = "{\"files\":{\"wandb-history.jsonl\":{\"offset\":0,\"content\":[".getBytes(UTF_8);
    Reply reply;
    try (RawConnection connection = connect()) {
      long length = head.length + (long) pieces * piece.length;
      connection.sendHead("POST", stream(), headers(token()), length);
      connection.sendMore(head);
      for (int i = 0; i < pieces; i++) {
        connection.sendMore(piece);
      }
      reply = connection.reply();
    }

    client.log(Map.of("after", 1));
    int after = client.post().status();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(after).isEqualTo(200);
    assertThat(world.book().lines()).hasSize(1).allMatch(line -> line.contains("after"));
    assertThat(world.notes).hasSize(1);
  }

  @Test
  void a_small_body_that_unpacks_to_a_large_one_is_no_other() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"files\":{\"output.log\":{\"offset\":0,\"content\":[\"".getBytes(UTF_8));
      byte[] zeros = new byte[1 << 20];
      Arrays.fill(zeros, (byte) '0');
      for (int i = 0; i < 70; i++) {
        gzip.write(zeros);
      }
    }

    Reply reply = post(packed.toByteArray(), true);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(world.book().console()).isEmpty();
    assertThat(world.notes).hasSize(1);
  }

  @Test
  void of_large_bodies_one_lies_in_memory_at_a_time() throws Exception {
    String line = "y".repeat(1 << 20);
    byte[] body =
        ("{\"files\":{\"output.log\":{\"offset\":0,\"content\":[\"" + line + "\"]}}}")
            .getBytes(UTF_8);
    try (RawConnection first = connect();
        RawConnection second = connect()) {
      first.sendPart("POST", stream(), headers(token()), body, body.length / 2);
      awaitBegun(1);
      CompletableFuture<Reply> other =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return second.send("POST", stream(), headers(token()), body);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThatThrownBy(() -> other.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      first.close();

      assertThat(other.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
      assertThat(world.book().console()).containsExactly(line);
    }
  }

  @Test
  void a_file_that_breaks_off_is_not_kept_and_nobodys_fault() throws Exception {
    try (RawConnection connection = connect()) {
      connection.sendPart("PUT", "/upload/1/secret-x", Map.of(), new byte[100], 50);
    }
    client.save("y", new byte[1]);

    assertThat(world.stores.get(0).kept()).containsOnlyKeys("/secret-y");
    assertThat(world.notes).isEmpty();
  }

  @Test
  void a_packed_body_is_taken() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(row(0).getBytes(UTF_8));
    }

    Reply reply = post(packed.toByteArray(), true);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(world.book().steps()).containsExactly(0L);
  }

  @Test
  void a_line_that_is_too_long_is_left_out_and_said_and_its_neighbours_are_taken()
      throws IOException {
    String tooLong = "x".repeat(PostReader.LONGEST_LINE + 1);
    String body =
        "{\"files\":{\"output.log\":{\"offset\":5,\"content\":[\"a\",\"" + tooLong + "\",\"b\"]}}}";

    Reply reply = post(body.getBytes(UTF_8), false);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(world.book().console()).containsExactly("a", "", "b");
    assertThat(world.notes).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "nonsense",
        "{\"files\":{\"output.log\":{\"offset\":0,\"content\":[\"a\"",
        "{\"files\":{\"output.log\":{\"offset\":0,\"content\":[\"a\"]}}} and more",
        "{\"exitcode\":99999999999999999999,\"complete\":true}"
      })
  void what_is_no_post_is_answered_and_not_taken(String body) throws IOException {
    Reply reply = post(body.getBytes(UTF_8), false);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(world.book().console()).isEmpty();
    assertThat(world.book().exitCode()).isNull();
    assertThat(world.notes).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"files\":[],\"complete\":1,\"exitcode\":\"x\",\"more\":{\"a\":[1,{}]}}",
        "{\"files\":{\"output.log\":7,\"wandb-history.jsonl\":{\"offset\":{},\"content\":{}}}}",
        "{\"files\":{\"../../evil\":{\"offset\":0,\"content\":[\"a\"]}}}",
        "{\"files\":{\"output.log\":{\"offset\":-5,\"content\":[]}}}",
        "{}"
      })
  void odd_members_of_a_post_do_no_harm(String body) throws IOException {
    Reply reply = post(body.getBytes(UTF_8), false);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(world.book().console()).isEmpty();
    assertThat(world.book().exitCode()).isNull();
    assertThat(world.notes).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/upload/1/../../../../etc/passwd",
        "/upload/1/%2e%2e/%2e%2e/secret-x",
        "/upload/1-/secret-x",
        "/upload/1-2/secret-x",
        "/upload/99999999999999999999/secret-x",
        "/upload/-/secret-x",
        "/upload//secret-x",
        "/upload/1",
        "//upload/1/x",
        "/files/%00/%0a/../file_stream",
        "/.%2e/.%2e/etc/passwd",
        "/out/.workers"
      })
  void tricks_with_paths_reach_nothing(String path) throws IOException {
    Files.writeString(world.layout.out().resolve("secret-x"), "secret");
    for (String method : List.of("GET", "PUT", "POST", "DELETE", "PATCH")) {
      try (RawConnection connection = connect()) {
        Reply reply = connection.send(method, path, headers(token()), new byte[0]);

        assertThat(reply.status()).as(method).isBetween(400, 499);
        assertThat(reply.body()).doesNotContain("secret\n").doesNotContain("root:");
      }
    }
    assertThat(world.stores.get(0).kept()).isEmpty();
    try (Stream<Path> left = Files.list(world.layout.out())) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void a_flood_is_held_to_a_pace_and_others_are_still_served() throws Exception {
    List<CompletableFuture<Integer>> floods = new ArrayList<>();
    int threads = Thread.activeCount();
    for (int i = 0; i < 40; i++) {
      floods.add(CompletableFuture.supplyAsync(() -> flood(60), task -> new Thread(task).start()));
    }
    Relay.Life other = world.fresh();

    long before = System.nanoTime();
    LoggingClient polite = world.client(other);
    polite.log(Map.of("a", 1));
    int served = polite.post().status();
    long nanos = System.nanoTime() - before;
    int answered = 0;
    for (CompletableFuture<Integer> flood : floods) {
      answered += flood.get(60, TimeUnit.SECONDS);
    }

    assertThat(served).isEqualTo(200);
    assertThat(nanos).isLessThan(TimeUnit.SECONDS.toNanos(10));
    assertThat(answered).isPositive();
    assertThat(Thread.activeCount() - threads).isLessThan(130);
    assertThat(world.notes).isEmpty();
  }

  @Test
  void a_life_opens_only_so_many_runs() throws Exception {
    Map<String, Object> variables = new LinkedHashMap<>(Map.of("host", "h", "config", "{}"));
    String last = "";
    for (int i = 0; i < 1100 && !last.contains("errors"); i++) {
      variables.put("name", "fold" + i);
      last = client.ask("UpsertBucket", variables).body();
    }

    assertThat(last).contains("1000 runs");
    assertThat(world.beside).hasSize(999);
    assertThat(world.notes).hasSize(2);
  }

  @Test
  void an_error_of_ours_is_told_and_the_client_tries_again() throws IOException {
    world.book().breaks();
    client.log(Map.of("a", 1));

    int status = client.post().status();

    assertThat(status).isEqualTo(503);
    assertThat(world.notes).hasSize(1);
    assertThat(world.notes.get(0)).contains("nobody foresaw this");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"query\":7,\"variables\":[]}", "{\"query\":\"{ a }\"}"})
  void what_is_no_question_is_refused_in_words(String body) throws IOException {
    try (RawConnection connection = connect()) {
      Reply reply = connection.send("POST", "/graphql", headers(token()), body.getBytes(UTF_8));

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).startsWith("{\"data\":null,\"errors\":[{\"message\":");
    }
  }

  private void awaitBegun(int posts) throws InterruptedException {
    for (int i = 0; i < 500 && world.book().begunInAll() < posts; i++) {
      Thread.sleep(10);
    }
  }

  /** How many of so many requests were answered, as fast as they go. */
  private int flood(int requests) {
    int answered = 0;
    try (RawConnection connection = connect()) {
      for (int i = 0; i < requests; i++) {
        Reply reply = connection.send("POST", stream(), headers(token()), "{}".getBytes(UTF_8));
        answered += reply.status() == 200 ? 1 : 0;
      }
    } catch (IOException e) {
      return answered;
    }
    return answered;
  }

  private Reply post(byte[] body, boolean packed) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>(headers(token()));
    if (packed) {
      headers.put("Content-Encoding", "gzip");
    }
    try (RawConnection connection = connect()) {
      return connection.send("POST", stream(), headers, body);
    }
  }

  private RawConnection connect() throws IOException {
    return new RawConnection(world.told(life).url());
  }

  private String token() {
    return world.told(life).key();
  }

  private String stream() {
    return "/files/team/proj/" + client.runId() + "/file_stream";
  }

  private static Map<String, String> headers(String key) {
    return Map.of(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(("api:" + key).getBytes(UTF_8)));
  }

  private static String row(long step) {
    return "{\"files\":{\"wandb-history.jsonl\":{\"offset\":0,\"content\":[\"{\\\"_step\\\":"
        + step
        + "}\"]}}}";
  }
}
