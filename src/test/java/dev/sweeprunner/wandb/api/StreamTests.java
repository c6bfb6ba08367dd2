package dev.sweeprunner.wandb.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.wandb.api.Loopback.Request;
import dev.sweeprunner.wandb.api.StreamChunk.Lines;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines and files on their way. */
class StreamTests {
  private Loopback server;
  private WandbClient client;

  @BeforeEach
  void start() throws IOException {
    server = Loopback.http();
    client = new Rig(server.base()).patience(Patience.once()).client();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_heartbeat_is_an_empty_object() throws Exception {
    server.says("{\"exitcode\":null,\"limits\":{}}");

    boolean stopped = client.stream(new RunPath("a c", "p#1", "r1"), StreamChunk.HEARTBEAT);

    assertThat(stopped).isFalse();
    assertThat(server.newest().path()).isEqualTo("/files/a%20c/p%231/r1/file_stream");
    assertThat(server.newest().body().strip()).isEqualTo("{}");
    assertThat(server.newest().header("Content-Type")).isEqualTo("application/json");
    assertThat(server.newest().header("Authorization")).startsWith("Basic ");
    assertThat(server.newest().headers().containsKey("X-WANDB-USERNAME")).isFalse();
  }

  @Test
  void a_chunk_carries_lines_at_their_offsets_and_the_end() throws Exception {
    server.says("{\"stopped\":true}");
    StreamChunk chunk =
        new StreamChunk(
            new Lines(3, List.of("{\"loss\":NaN}")),
            null,
            new Lines(0, List.of("text")),
            "{\"iter\":4}",
            List.of("config.yaml"),
            true,
            130);

    boolean stopped = client.stream(Rig.RUN, chunk);

    assertThat(stopped).isTrue();
    var body = server.newest().json();
    var files = body.object("files");
    assertThat(files.members().keySet())
        .containsExactlyInAnyOrder("wandb-history.jsonl", "output.log", "wandb-summary.json");
    assertThat(files.object("wandb-history.jsonl").number("offset")).isEqualTo(3);
    assertThat(files.object("wandb-history.jsonl").texts("content"))
        .containsExactly("{\"loss\":NaN}");
    assertThat(files.object("wandb-summary.json").texts("content")).containsExactly("{\"iter\":4}");
    assertThat(body.texts("uploaded")).containsExactly("config.yaml");
    assertThat(body.flag("preempting")).isTrue();
    assertThat(body.flag("complete")).isTrue();
    assertThat(body.number("exitcode")).isEqualTo(130);
  }

  @Test
  void any_body_of_a_success_will_do() throws Exception {
    server.says("<html>fine</html>").says("").says("[1]").says("{\"stopped\":\"yes\"}");

    for (int i = 0; i < 4; i++) {
      assertThat(client.stream(Rig.RUN, StreamChunk.HEARTBEAT)).isFalse();
    }
  }

  @Test
  void files_go_where_the_server_says_without_the_key() throws Exception {
    server
        .says(
            "{\"data\":{\"createRunFiles\":{\"uploadHeaders\":[\"x-a: b:c\",\"x-d:e\"],\"files\":["
                + "{\"name\":\"media/b.txt\",\"uploadUrl\":\"/put/2?sig=%2Bx\"},"
                + "{\"name\":\"config.yaml\",\"uploadUrl\":\""
                + server.base()
                + "/put/1\"}]}}}")
        .says("")
        .says("");
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("config.yaml", "lr: 1".getBytes());
    files.put("media/b.txt", new byte[0]);

    client.upload(Rig.RUN, files);

    assertThat(server.requests()).hasSize(3);
    Request second = server.requests().get(2);
    assertThat(server.requests().get(1).path()).isEqualTo("/put/2");
    assertThat(second.method() + second.path()).isEqualTo("PUT/put/1");
    assertThat(second.body()).isEqualTo("lr: 1");
    assertThat(second.header("x-a")).isEqualTo("b:c");
    assertThat(second.header("x-d")).isEqualTo("e");
    assertThat(second.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(second.headers().containsKey("Authorization")).isFalse();
  }

  @Test
  void further_headers_go_everywhere_but_a_further_authorization_not_to_the_storage()
      throws Exception {
    WandbClient client =
        new Rig(server.base())
            .headers(Map.of("x-team", "t", "Authorization", "Bearer theirs"))
            .client();
    server
        .says(
            "{\"data\":{\"createRunFiles\":{\"uploadHeaders\":[],\"files\":["
                + "{\"name\":\"a\",\"uploadUrl\":\"/put\"}]}}}")
        .says("");

    client.upload(Rig.RUN, Map.of("a", new byte[] {1}));

    assertThat(server.requests()).allMatch(request -> request.header("x-team").equals("t"));
    assertThat(server.requests().get(0).header("Authorization")).startsWith("Basic ");
    assertThat(server.requests().get(1).headers().containsKey("Authorization")).isFalse();
  }

  @Test
  void an_upload_that_the_server_gives_no_place_for_is_not_silently_left_out() {
    server.says("{\"data\":{\"createRunFiles\":{\"uploadHeaders\":[],\"files\":[]}}}");

    assertThat(QuestionTests.kind(() -> client.upload(Rig.RUN, Map.of("a", new byte[1]))))
        .isEqualTo(WandbFailure.Kind.UNREADABLE);
  }
}
