package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.Row;
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
}
