package dev.sweeprunner.testkit.wandb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class FaultsTests {
  private final FakeWandbServer server = FakeWandbServer.start();
  private final Wire wire = new Wire(server);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void each_fault_does_what_its_name_says() throws Exception {
    wire.upsert("r1", Map.of());
    server
        .faults()
        .next(
            Channel.FILE_STREAM,
            Fault.ERROR_500,
            Fault.BAD_GATEWAY,
            Fault.LIMITED,
            Fault.LIMITED_RETRY_AFTER,
            Fault.NOT_FOUND,
            Fault.NAN,
            Fault.TRUNCATED);

    List<HttpResponse<String>> answers = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      answers.add(wire.stream("r1", Wire.history(0, "{\"try\":" + i + "}")));
    }

    assertThat(answers)
        .extracting(HttpResponse::statusCode)
        .containsExactly(500, 502, 429, 429, 404, 200, 200);
    assertThat(answers.get(1).body()).startsWith("<html>");
    assertThat(answers.get(2).headers().firstValue("Retry-After")).isEmpty();
    assertThat(answers.get(3).headers().firstValue("Retry-After")).contains("1");
    assertThat(answers.get(3).headers().firstValue("RateLimit-Remaining")).contains("0");
    assertThat(answers.get(5).body()).contains("NaN");
    assertThatThrownBy(() -> Json.read(answers.get(6).body())).isInstanceOf(JacksonException.class);
    assertThat(server.runs().get("r1").history()).containsExactly("{\"try\":6}");
  }

  @Test
  void a_dropped_connection_may_or_may_not_have_done_something() throws Exception {
    server.faults().next(Channel.GRAPHQL, Fault.DROP_BEFORE, Fault.DROP_AFTER);

    assertThatThrownBy(() -> wire.upsert("before", Map.of())).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> wire.upsert("after", Map.of())).isInstanceOf(IOException.class);

    assertThat(server.runs().find("before")).isNull();
    assertThat(wire.upsert("after", Map.of())).containsEntry("inserted", false);
    assertThat(server.requests().operation("Up"))
        .extracting(LoggedRequest::status)
        .containsExactly(0, 200);
  }

  @Test
  void a_wrong_page_never_has_a_run_that_was_asked_for() throws Exception {
    wire.upsert("r1", Map.of());
    server.faults().next(Channel.GRAPHQL, Fault.WRONG_PAGE);
    String document =
        "{ project(name: \"p\") { runs(filters: \"{\\\"name\\\":\\\"r1\\\"}\") { edges { node {"
            + " name } } } } }";

    String wrong = wire.graphQl(document, Map.of()).body();
    String right = wire.graphQl(document, Map.of()).body();

    assertThat(wrong).contains("\"name\"").doesNotContain("\"r1\"");
    assertThat(right).contains("\"r1\"");
  }

  @Test
  void chance_is_seeded_and_keeps_to_its_share() {
    List<Fault> first = drawn();
    List<Fault> second = drawn();

    assertThat(first).isEqualTo(second);
    long spoilt = first.stream().filter(fault -> fault != Fault.CONFLICT).count();
    assertThat(spoilt).isBetween(60L, 140L);
  }

  /** A thousand draws; CONFLICT, never drawn, stands for none. */
  private static List<Fault> drawn() {
    Faults faults = new Faults(7);
    faults.rate(Channel.GRAPHQL, 0.1, Set.of(Fault.ERROR_500, Fault.LIMITED));
    List<Fault> drawn = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Fault fault = faults.draw(Channel.GRAPHQL);
      drawn.add(fault == null ? Fault.CONFLICT : fault);
    }
    return drawn;
  }

  @Test
  void in_an_outage_nobody_answers_and_afterwards_everything_is_as_before() throws Exception {
    wire.upsert("r1", Map.of());
    server.faults().outage(true);

    assertThatThrownBy(() -> wire.stream("r1", "{}")).isInstanceOf(IOException.class);
    assertThat(wire.get("/debug/runs").body()).contains("\"r1\"");
    wire.postWithoutKey("/debug/outage?on=false", "");
    assertThat(wire.stream("r1", "{}").statusCode()).isEqualTo(200);
    assertThat(wire.get("/debug/requests").body()).contains("DROP_BEFORE");
  }
}
