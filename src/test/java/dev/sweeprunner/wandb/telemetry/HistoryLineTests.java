package dev.sweeprunner.wandb.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.run.Row;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoryLineTests {
  @Test
  void a_row_gets_the_names_that_wandb_knows() {
    Map<String, Double> wall = new LinkedHashMap<>();
    wall.put("time_ms", 2.5);
    wall.put("timestamp", 1.75e9);
    wall.put("runtime", 3.25);
    Row row = new Row(7, Map.of("train/loss", 0.5), wall);

    String line = HistoryLine.of(row);

    assertThat(line)
        .isEqualTo(
            "{\"iter\":7,\"train/loss\":0.5,\"time_ms\":2.5,\"_timestamp\":1.75E9,"
                + "\"_runtime\":3.25,\"_step\":7}");
  }

  @Test
  void what_is_not_finite_stands_as_a_bare_token() {
    Row row = new Row(0, Map.of("a", Double.NaN), Map.of("b", Double.NEGATIVE_INFINITY));

    assertThat(HistoryLine.of(row)).contains("\"a\":NaN").contains("\"b\":-Infinity");
  }

  @Test
  void a_row_as_its_program_logged_it_gets_wandb_s_own_three_and_nothing_of_ours() {
    Row row = ToldProgram.row(7, "\"loss\": 0.10,\"n\":{\"a\":NaN},\"loss\":1E-7");

    assertThat(HistoryLine.of(row))
        .isEqualTo(
            "{\"loss\": 0.10,\"n\":{\"a\":NaN},\"loss\":1E-7,"
                + "\"_step\":7,\"_runtime\":3.5,\"_timestamp\":1700000007}");
    assertThat(ValueJson.of(HistoryLine.members(row)))
        .isEqualTo(
            "{\"loss\":1E-7,\"n\":{\"a\":NaN},"
                + "\"_step\":7,\"_runtime\":3.5,\"_timestamp\":1700000007}");
    assertThat(HistoryLine.of(ToldProgram.row(0, "")))
        .isEqualTo("{\"_step\":0,\"_runtime\":0.0,\"_timestamp\":1700000000}");
  }

  @Test
  void a_console_line_is_read_back_with_its_time_or_as_text_alone() {
    LogLine.Read read = LogLine.read("ERROR 2026-11-23T17:42:28.881041 a b");

    assertThat(read)
        .isEqualTo(new LogLine.Read(Instant.parse("2026-11-23T17:42:28.881041Z"), true, "a b"));
    assertThat(LogLine.read("no time"))
        .isEqualTo(new LogLine.Read(Instant.EPOCH, false, "no time"));
    assertThat(LogLine.read("")).isEqualTo(new LogLine.Read(Instant.EPOCH, false, ""));
  }

  @Test
  void the_summary_has_the_newest_value_of_each_metric() throws UnreadableJson {
    Summary newest = new Summary();
    newest.row(new Row(3, Map.of("val/loss", 1.0, "lr", 0.1), Map.of("runtime", 7.9)));
    newest.row(new Row(4, Map.of("lr", 0.2), Map.of("runtime", 8.1)));

    Map<String, @Nullable Object> summary = Json.object(newest.json().getBytes(UTF_8));

    assertThat(summary)
        .containsEntry("val/loss", 1.0)
        .containsEntry("lr", 0.2)
        .containsEntry("iter", 4L)
        .containsEntry("_step", 4L)
        .containsEntry("_wandb", Map.of("runtime", 8L));
  }

  @Test
  void a_summary_that_is_there_goes_on_whole_but_gives_way_to_rows() throws UnreadableJson {
    Summary newest = new Summary();
    newest.row(new Row(4, Map.of("lr", 0.2), Map.of()));
    Map<String, @Nullable Object> there = new LinkedHashMap<>();
    there.put("lr", 0.1);
    there.put("_runtime", 9.0);
    there.put("val/loss", Double.NaN);
    there.put("nothing", null);

    newest.after(Collections.unmodifiableMap(there));

    assertThat(Json.object(newest.json().getBytes(UTF_8)))
        .containsEntry("lr", 0.2)
        .containsEntry("_runtime", 9.0)
        .containsEntry("val/loss", Double.NaN)
        .doesNotContainKey("nothing");
  }

  @Test
  void a_console_line_begins_with_its_time_and_stays_one_line() {
    String line = LogLine.at(Instant.parse("2026-11-23T17:42:28.881041Z"), "a\nb");

    assertThat(line).isEqualTo("2026-11-23T17:42:28.881041 a b");
  }
}
