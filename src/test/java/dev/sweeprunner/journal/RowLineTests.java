package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.RowText;
import dev.sweeprunner.testkit.AnyJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowLineTests {
  @Test
  void a_row_is_one_line_in_the_order_of_its_metrics() {
    var values = new LinkedHashMap<String, Double>();
    values.put("train/loss", 1.25);
    values.put("lr", 6e-3);

    var line = RowLine.encode(new Row(7, values, Map.of("time_ms", 12.5)));

    assertThat(new String(line, UTF_8))
        .isEqualTo("{\"iter\":7,\"train/loss\":1.25,\"lr\":0.006,\"wall\":{\"time_ms\":12.5}}\n");
  }

  @Test
  void a_row_reads_back_as_itself() {
    var values = new LinkedHashMap<String, Double>();
    values.put("train/loss", Double.NaN);
    values.put("a \"quoted\" näme", -0.0);
    values.put("val/loss", Double.NEGATIVE_INFINITY);
    var row = new Row(123456789012L, values, Map.of("mfu", 0.1));

    var line = new String(RowLine.encode(row), UTF_8).strip();

    assertThat(RowLine.decode(line)).contains(row);
    assertThat(RowLine.step((line + "\n").getBytes(UTF_8), 0)).isEqualTo(123456789012L);
  }

  @Test
  void a_torn_line_is_no_row() {
    var line = new String(RowLine.encode(new Row(7, Map.of("lr", 0.5), Map.of())), UTF_8).strip();

    for (int length = 0; length < line.length(); length++) {
      assertThat(RowLine.decode(line.substring(0, length))).isEmpty();
    }
    assertThat(RowLine.decode("{\"iter\":\"7\"}")).isEmpty();
    assertThat(RowLine.decode("[1]")).isEmpty();
  }

  @Test
  void a_metric_may_not_take_the_name_of_the_step() {
    assertThatThrownBy(() -> RowLine.encode(new Row(1, Map.of("iter", 1.0), Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("iter");
  }

  @Test
  void a_row_stands_as_its_program_logged_it() throws UnreadableJson {
    var logged = "\"loss\": 0.10,\"nested\":{\"b\":NaN},\"wall\":{\"x\":1},\"iter\":3";

    var line = new String(RowLine.encode(Row.logged(7, logged, Map.of("runtime", 1.5))), UTF_8);

    assertThat(line)
        .isEqualTo("{\"iter\":7,\"logged\":{" + logged + "},\"wall\":{\"runtime\":1.5}}\n");
    assertThat(RowLine.text(line.strip()))
        .contains(
            new RowText(
                7,
                "\"loss\":0.1,\"nested.b\":\"NaN\",\"wall.x\":1.0,\"iter\":3.0",
                "\"runtime\":1.5",
                logged));
  }

  @Test
  void whatever_was_logged_reads_back_as_itself() {
    for (long seed = 0; seed < 2_000; seed++) {
      var logged = new AnyJson(seed).members();
      var row = logged(seed, logged, seed % 3 == 0 ? Map.of() : Map.of("timestamp", 1.75e9));

      var line = new String(RowLine.encode(row), UTF_8).stripTrailing();

      assertThat(RowLine.decode(line)).as(logged).contains(row);
      assertThat(RowLine.text(line)).map(RowText::logged).as(logged).contains(logged);
      assertThat(RowLine.step(line.getBytes(UTF_8), 0)).isEqualTo(seed);
      for (int length = 0; length < line.length(); length++) {
        assertThat(RowLine.decode(line.substring(0, length))).as(logged).isEmpty();
      }
    }
  }

  @Test
  void a_newline_between_tokens_does_not_cut_the_line() {
    var line = new String(RowLine.encode(logged(1, "\"a\":\r\n1", Map.of())), UTF_8);

    assertThat(line).isEqualTo("{\"iter\":1,\"logged\":{\"a\":  1}}\n");
  }

  @Test
  void a_number_that_is_called_logged_is_a_metric() {
    var row = new Row(7, Map.of("logged", 0.5), Map.of("mfu", 0.1));
    var line = new String(RowLine.encode(row), UTF_8).strip();

    assertThat(line).isEqualTo("{\"iter\":7,\"logged\":0.5,\"wall\":{\"mfu\":0.1}}");
    assertThat(RowLine.decode(line)).contains(row);
    assertThat(RowLine.text(line)).contains(new RowText(7, "\"logged\":0.5", "\"mfu\":0.1"));
  }

  @Test
  void two_rows_that_were_logged_as_a_whole_are_not_merged() {
    var row = logged(1, "\"a\":1", Map.of());

    assertThatThrownBy(() -> row.and(new Row(1, Map.of("b", 2.0), Map.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Row logged(long step, String members, Map<String, Double> wall) {
    try {
      return Row.logged(step, members, wall);
    } catch (UnreadableJson e) {
      throw new AssertionError(members, e);
    }
  }
}
