package dev.sweeprunner.testkit.wandb;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountsTests {
  private static final String UPSERT =
      "mutation Up($e: String) { upsertBucket(input: {name: \"r1\", modelName: \"p\","
          + " entityName: $e}) { inserted } }";

  private final FakeWandbServer server = FakeWandbServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_key_needs_forty_characters_and_may_have_a_prefix() throws Exception {
    assertThat(viewer("x".repeat(40)).statusCode()).isEqualTo(200);
    assertThat(viewer("local-" + "x".repeat(40)).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = viewer("x".repeat(39));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("user is not logged in").contains("PERMISSION_ERROR");
    assertThat(new Wire(server, "short").stream("r1", "{}").statusCode()).isEqualTo(401);
    assertThat(new Wire(server).postWithoutKey("/graphql", "{}").statusCode()).isEqualTo(401);
  }

  @Test
  void named_keys_shut_out_all_others() throws Exception {
    String good = "y".repeat(50);
    server.accounts().accept(good);

    assertThat(viewer(good).statusCode()).isEqualTo(200);
    assertThat(viewer("x".repeat(40)).statusCode()).isEqualTo(401);
  }

  @Test
  void a_key_may_be_forbidden_an_entity() throws Exception {
    server.accounts().addEntity("team");
    server.accounts().forbid(Wire.KEY, "team");

    HttpResponse<String> refused = new Wire(server).graphQl(UPSERT, Map.of("e", "team"));

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("permission denied");
    assertThat(new Wire(server).graphQl(UPSERT, Map.of()).statusCode()).isEqualTo(200);
  }

  @Test
  void an_unknown_entity_is_not_found() throws Exception {
    HttpResponse<String> refused = new Wire(server).graphQl(UPSERT, Map.of("e", "nowhere"));

    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body()).contains("entity nowhere not found during upsertBucket");
    assertThat(server.violations().all()).isEmpty();
  }

  private HttpResponse<String> viewer(String key) throws Exception {
    return new Wire(server, key).graphQl("{ viewer { entity } }", Map.of());
  }
}
