package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that wait for a part: bounded in memory, and to the byte what was handed over. */
class PendingRowsTests {
  private static final int MOST = 4000;

  @TempDir Path folder;
  private Path file;
  private FullAppends files;

  @BeforeEach
  void makeFile() {
    file = folder.resolve("rows.jsonl");
    files = new FullAppends(new LocalFiles());
  }

  private static byte[] line(long step) {
    return RowLine.encode(new Row(step, Map.of("loss", 1.0 / (step + 1)), Map.of()));
  }

  private static void add(PendingRows rows, long from, long to) {
    LongStream.range(from, to).forEach(step -> rows.add(step, line(step)));
  }

  private static List<Long> steps(PendingRows rows, long from, long to) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long written = rows.write(out, from, to);
    byte[] lines = out.toByteArray();
    List<Long> steps = new ArrayList<>();
    for (int start = 0; start < lines.length; start = RowLine.end(lines, start)) {
      steps.add(RowLine.step(lines, start));
    }
    assertThat(written).isEqualTo(steps.size());
    return steps;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void whatever_came_the_newest_are_held_and_all_are_given() throws IOException {
    try (PendingRows rows = new PendingRows(files, file, MOST)) {
      add(rows, 0, 1000);

      assertThat(rows.heldBytes()).isBetween(1L, (long) MOST);
      assertThat(steps(rows, 0, Long.MAX_VALUE)).isEqualTo(range(0, 1000));
      assertThat(steps(rows, 17, 994)).isEqualTo(range(17, 994));
      rows.clearBefore(400);
      add(rows, 1000, 1010);
      assertThat(steps(rows, 400, 1010)).isEqualTo(range(400, 1010));
      rows.clearBefore(1010);
      assertThat(rows.heldBytes()).isZero();
      assertThat(steps(rows, 0, 1010)).isEmpty();
    }
  }

  @Test
  void what_the_disk_did_not_take_is_held_until_it_does() throws IOException {
    try (PendingRows rows = new PendingRows(files, file, MOST)) {
      add(rows, 0, 100);
      files.full = true;
      add(rows, 100, 300);
      long full = rows.heldBytes();
      List<Long> meanwhile = steps(rows, 0, 300);
      files.full = false;
      Files.writeString(file, "{\"iter\":100,\"lo", StandardOpenOption.APPEND); // torn
      add(rows, 300, 400);

      assertThat(full).isGreaterThan(MOST);
      assertThat(meanwhile).isEqualTo(range(0, 300));
      assertThat(rows.heldBytes()).isBetween(1L, (long) MOST);
      assertThat(steps(rows, 0, 400)).isEqualTo(range(0, 400));
    }
  }

  @Test
  void a_file_that_no_longer_holds_them_gives_none() throws IOException {
    try (PendingRows rows = new PendingRows(files, file, MOST)) {
      add(rows, 0, 1000);
      String whole = Files.readString(file);
      Files.writeString(file, whole.replace("0.5", "0.6"));

      assertThatThrownBy(() -> rows.write(OutputStream.nullOutputStream(), 0, 1000))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("differs from what was appended");
      Files.writeString(file, whole.substring(0, 500), UTF_8);
      assertThatThrownBy(() -> rows.write(OutputStream.nullOutputStream(), 0, 1000))
          .isInstanceOf(IOException.class);
      Files.writeString(file, whole);
      assertThat(steps(rows, 0, 1000)).isEqualTo(range(0, 1000));
    }
  }
}
