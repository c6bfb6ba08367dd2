package dev.sweeprunner.program.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTests {
  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();
  private Path file;
  private MetricsFile metrics;

  @BeforeEach
  void open() {
    file = folder.resolve("metrics.jsonl");
    metrics = new MetricsFile(file, 0, notes::add);
  }

  @Test
  void a_file_that_is_not_there_has_no_rows() throws Exception {
    assertThat(metrics.read()).isEmpty();
    assertThat(metrics.rest()).isEmpty();
  }

  @Test
  void each_line_is_given_once_and_a_half_one_when_it_is_whole() throws Exception {
    append("{\"step\":1,\"loss\":2.5}\n{\"step\":2,\"lo");
    assertThat(metrics.read()).containsExactly(row(1, Map.of("loss", 2.5)));
    assertThat(metrics.read()).isEmpty();

    append("ss\":2}\n");
    assertThat(metrics.read()).containsExactly(row(2, Map.of("loss", 2.0)));
    assertThat(notes).isEmpty();
  }

  @Test
  void a_last_line_without_its_newline_is_taken_at_the_end() throws Exception {
    append("{\"step\":1,\"loss\":2.5}");
    assertThat(metrics.read()).isEmpty();

    assertThat(metrics.rest()).containsExactly(row(1, Map.of("loss", 2.5)));
    assertThat(metrics.rest()).isEmpty();
  }

  @Test
  void the_step_has_many_names_and_is_else_counted() throws Exception {
    append(
        "{\"iter\":3,\"a\":1}\n{\"iteration\":4,\"a\":1}\n{\"global_step\":5,\"epoch\":2}\n"
            + "{\"a\":1}\n{\"train/global_step\":9.0,\"a\":1}\n{\"epoch\":10}\n{\"epoch\":10.5}\n");

    List<Row> rows = metrics.read();

    assertThat(rows.stream().map(Row::step)).containsExactly(3L, 4L, 5L, 6L, 9L, 10L, 11L);
    assertThat(rows.get(2).values()).isEqualTo(Map.of("epoch", 2.0));
    assertThat(rows.get(6).values()).isEqualTo(Map.of("epoch", 10.5));
  }

  @Test
  void counting_begins_at_the_step_that_is_asked_for() throws Exception {
    append("{\"loss\":1}\n{\"loss\":2}\n");

    assertThat(new MetricsFile(file, 70, notes::add).read().stream().map(Row::step))
        .containsExactly(70L, 71L);
  }

  @Test
  void values_are_numbers_also_nested_and_not_finite() throws Exception {
    append(
        "{\"step\":1,\"train\":{\"loss\":1,\"deep\":{\"x\":2}},\"n\":NaN,\"i\":-Infinity,"
            + "\"t\":\"NaN\",\"s\":\"text\",\"b\":true,\"l\":[1],\"z\":null,"
            + "\"big\":123456789012345678901234567890}\n");

    Map<String, Double> values = metrics.read().get(0).values();

    assertThat(values)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "train.loss",
                1.0,
                "train.deep.x",
                2.0,
                "n",
                Double.NaN,
                "i",
                Double.NEGATIVE_INFINITY,
                "t",
                Double.NaN,
                "big",
                123456789012345678901234567890.0));
  }

  @Test
  void the_known_end_is_no_metric_but_a_total_loss_is_one() throws Exception {
    append("{\"step\":1,\"max_iters\":500,\"loss\":1}\n{\"step\":2,\"total\":0.25}\n");

    List<Row> rows = metrics.read();

    assertThat(metrics.total()).isEqualTo(OptionalLong.of(500));
    assertThat(rows.get(0).values()).containsOnlyKeys("loss");
    assertThat(rows.get(1).values()).isEqualTo(Map.of("total", 0.25));
  }

  @Test
  void what_is_no_json_is_counted_and_said_once() throws Exception {
    append("hello \u0007 world\n[1]\n\n  \r\n{\"step\":1}\n{\"step\":2\n{}\n{\"s\":\"x\"}\n");

    assertThat(metrics.read()).containsExactly(row(1, Map.of()));

    assertThat(metrics.unreadable()).isEqualTo(3);
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0)).contains(file.toString(), "hello ? world");
  }

  @Test
  void a_line_without_end_takes_no_memory_and_what_follows_is_read() throws Exception {
    append("{\"a\":\"" + "x".repeat(3 << 20) + "\"}\n{\"step\":7,\"loss\":1}\n");

    assertThat(metrics.read()).containsExactly(row(7, Map.of("loss", 1.0)));
    assertThat(metrics.unreadable()).isEqualTo(1);
  }

  @Test
  void a_file_that_is_cut_short_or_replaced_is_read_from_its_start() throws Exception {
    append("{\"step\":1,\"loss\":1}\n{\"step\":2,\"loss\":1}\n{\"ste");
    assertThat(metrics.read()).hasSize(2);

    Files.writeString(file, "{\"step\":3,\"loss\":1}\n");
    assertThat(metrics.read()).containsExactly(row(3, Map.of("loss", 1.0)));

    Path other = folder.resolve("other");
    Files.writeString(other, "{\"step\":4,\"loss\":1}\n{\"step\":5,\"loss\":1}\n{\"step\":6}\n");
    Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(metrics.read().stream().map(Row::step)).containsExactly(4L, 5L, 6L);
  }

  @Test
  void a_huge_file_comes_in_parts() throws Exception {
    String line = "{\"step\":1,\"text\":\"" + "x".repeat(1 << 19) + "\"}\n";
    append(line.repeat(40));

    int first = metrics.read().size();

    assertThat(first).isLessThan(40);
    assertThat(first + metrics.rest().size()).isEqualTo(40);
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static Row row(long step, Map<String, Double> values) {
    return new Row(step, values, Map.of());
  }
}
