package dev.sweeprunner.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReadingsTests {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final Readings readings = new Readings(clock);
  private PageWorld world;
  private RunKey key;

  @BeforeEach
  void begin() {
    Points points = Views.grid(folder);
    world = new PageWorld(folder, points);
    key = points.key(0);
    world.views.claims.tell(key, Situations.training(points.at(0), 3));
  }

  private void rows(long from, long to) {
    for (long step = from; step < to; step++) {
      world.rows.tell(key.runId(), step, "\"loss\":" + step % 10);
    }
  }

  private JsonNode after(long step) {
    String json = Look.json(readings.of(world.subject(), key, step)::write);
    return new JsonMapper().readTree(json);
  }

  @Test
  void a_run_is_not_read_again_at_once() {
    rows(0, 10);
    JsonNode first = after(-1);
    rows(10, 20);
    JsonNode soon = after(9);
    clock.advance(Duration.ofMillis(1001));
    JsonNode later = after(9);

    assertThat(first.at("/last").asInt()).isEqualTo(9);
    assertThat(soon.at("/metrics").size()).isZero();
    assertThat(soon.at("/last").asInt()).isEqualTo(9);
    assertThat(later.at("/metrics/loss/step").toString())
        .isEqualTo("[10,11,12,13,14,15,16,17,18,19]");
    assertThat(world.rows.reads()).isEqualTo(2);
  }

  @Test
  void one_that_takes_long_is_read_the_less_often() {
    rows(0, 10);
    world.rows.takes(() -> clock.advance(Duration.ofSeconds(3)));
    after(-1);
    clock.advance(Duration.ofSeconds(59));
    after(-1);
    int before = world.rows.reads();
    clock.advance(Duration.ofSeconds(2));
    after(-1);

    assertThat(before).isEqualTo(1);
    assertThat(world.rows.reads()).isEqualTo(2);
  }

  @Test
  void who_follows_is_given_every_row_as_it_is() {
    rows(0, 5000);

    JsonNode rows = after(4500);

    assertThat(rows.at("/metrics/loss/step").size()).isEqualTo(499);
    assertThat(rows.at("/metrics/loss/step/0").asLong()).isEqualTo(4501);
    assertThat(rows.at("/thinned").asBoolean()).isFalse();
    assertThat(rows.at("/last").asLong()).isEqualTo(4999);
  }

  @Test
  void who_is_far_behind_is_given_what_there_is() {
    rows(0, 5000);

    JsonNode rows = after(100);

    assertThat(rows.at("/metrics/loss/step/0").asLong()).isBetween(101L, 200L);
    assertThat(rows.at("/metrics/loss/step").size()).isBetween(400, 1000);
    assertThat(rows.at("/thinned").asBoolean()).isTrue();
  }
}
