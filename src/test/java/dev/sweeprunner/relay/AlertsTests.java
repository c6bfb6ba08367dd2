package dev.sweeprunner.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.TrackedAlert;
import dev.sweeprunner.testkit.relay.LoggingClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program wants people to be told. */
class AlertsTests {
  private static final String DONE = "{\"data\":{\"notifyScriptableRunAlert\":{\"success\":true}}}";

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
  void an_alert_is_in_the_book_when_it_is_answered_each_time_and_is_said_once() throws Exception {
    LoggingClient client = world.client(world.fresh());

    String first = client.alert("loss is NaN", "at step 3\nof 9", "WARN", 60_000).body();
    String again = client.alert("loss is NaN", "at step 3\nof 9", "WARN", 60_000).body();

    TrackedAlert alert = new TrackedAlert("loss is NaN", "at step 3\nof 9", "WARN", 60_000L);
    assertThat(first.strip()).isEqualTo(DONE);
    assertThat(again.strip()).isEqualTo(DONE);
    assertThat(world.book().alerts()).containsExactly(alert, alert);
    assertThat(world.log).containsExactly("Its program alerts (WARN): loss is NaN: at step 3 of 9");
    assertThat(world.notes).isEqualTo(world.log);
  }

  @Test
  void a_second_rank_alerts_for_its_own_run() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient rank0 = world.client(life);
    LoggingClient rank1 = world.client(life);

    rank1.alert("t", "of rank 1", "INFO", 0);
    rank0.alert("t", "of rank 0", "INFO", 0);

    assertThat(world.book().alerts()).extracting(TrackedAlert::text).containsExactly("of rank 0");
    assertThat(world.beside("-2").alerts())
        .extracting(TrackedAlert::text)
        .containsExactly("of rank 1");
  }

  @Test
  void what_the_disk_refuses_is_not_answered_as_done() throws Exception {
    LoggingClient client = world.client(world.fresh());
    world.book().full(true);

    String refused = client.alert("t", "x", "INFO", 0).body();
    world.book().full(false);
    String taken = client.alert("t", "x", "INFO", 0).body();

    assertThat(refused)
        .contains("errors", "wandb.alert", "No space left")
        .doesNotContain("success");
    assertThat(taken.strip()).isEqualTo(DONE);
    assertThat(world.book().alerts()).hasSize(1);
  }

  @Test
  void a_report_a_flood_and_half_an_alert_are_refused_in_words() throws Exception {
    LoggingClient client = world.client(world.fresh());

    String report = client.alert("t", "x".repeat(70_000), "INFO", 0).body();
    String half = client.ask("NotifyScriptableRunAlert", java.util.Map.of("title", "t")).body();
    String flood = "";
    for (int i = 0; i < 300 && !flood.contains("errors"); i++) {
      flood = client.alert("t", "x".repeat(65_000), "INFO", 0).body();
    }

    assertThat(report).contains("more than 65536 letters");
    assertThat(half).contains("errors").contains("An alert of its program is not kept");
    assertThat(flood).contains("more than 16 Mi letters");
    assertThat(world.book().alerts()).hasSizeBetween(250, 260);
    assertThat(world.log).hasSize(4).allMatch(line -> line.length() < 600);
  }

  @Test
  void a_life_that_is_over_takes_none() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient client = world.client(life);
    life.close();

    int refused = client.alert("t", "x", "INFO", 0).status();

    assertThat(refused).isEqualTo(401);
    assertThat(world.book().alerts()).isEmpty();
  }
}
