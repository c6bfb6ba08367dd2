package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTests {
  @TempDir Path folder;

  @Test
  void the_last_whole_row_counts_whatever_is_torn_behind_it() throws IOException {
    var file = folder.resolve("rows.jsonl");
    var rows = rows(3);
    for (var tail : new String[] {"", "{\"iter\":9,\"lr\":0.", "garbage\n\n", "{\"iter\":9}"}) {
      Files.write(file, (rows + tail).getBytes(UTF_8));

      assertThat(Tail.lastRow(file)).map(Row::step).contains(2L);
    }
  }

  @Test
  void a_long_file_is_read_from_its_end_only() throws IOException {
    var file = folder.resolve("rows.jsonl");
    Files.write(file, (rows(20_000) + "x".repeat(100_000)).getBytes(UTF_8));

    assertThat(Tail.lastRow(file)).map(Row::step).contains(19_999L);
  }

  @Test
  void a_file_without_rows_or_without_existence_has_none() throws IOException {
    var file = folder.resolve("rows.jsonl");

    assertThat(Tail.lastRow(file)).isEmpty();
    Files.createFile(file);
    assertThat(Tail.lastRow(file)).isEmpty();
    assertThat(Tail.lastRow(folder)).isEmpty();
  }

  @Test
  void of_rows_as_programs_logged_them_the_numbers_count() throws IOException {
    var file = folder.resolve("rows.jsonl");
    Files.writeString(
        file,
        "{\"iter\":3,\"logged\":{\"loss\":1.5,\"val\":{\"acc\":0.5}}}\n"
            + "{\"iter\":4,\"logged\":{\"loss\":NaN,\"text\":\"x\"},\"wall\":{\"runtime\":2.0}}\n"
            + "{\"iter\":5,\"logged\":{\"loss\":1.0},\"wall\":{");

    assertThat(Tail.lastRow(file))
        .contains(new Row(4, Map.of("loss", Double.NaN, "val.acc", 0.5), Map.of("runtime", 2.0)));
  }

  private static String rows(int count) throws IOException {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      out.write(RowLine.encode(new Row(i, Map.of("lr", 0.5), Map.of())));
    }
    return out.toString(UTF_8);
  }
}
