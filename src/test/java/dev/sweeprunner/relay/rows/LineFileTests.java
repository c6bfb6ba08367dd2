package dev.sweeprunner.relay.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.Logged;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a death or a full disk leaves of a line is no row. */
class LineFileTests {
  private static final String ONE = new Logged(1, 0, 5, "\"a\":{\"b\":1},\"c\":2").line();
  private static final String TWO = new Logged(2, 0, 6, "\"a\":{\"b\":1},\"c\":3").line();

  @TempDir Path folder;

  private static List<Long> steps(Path file) {
    List<Long> steps = new ArrayList<>();
    LineFile.each(file, row -> steps.add(row.step()));
    return steps;
  }

  @Test
  void wherever_a_line_is_torn_it_is_read_over() throws IOException {
    for (int cut = 0; cut < TWO.length(); cut++) {
      Path file = folder.resolve("f" + cut);
      Files.writeString(file, ONE + "\n" + TWO.substring(0, cut));

      assertThat(steps(file)).as("cut at " + cut).containsExactly(1L);
    }
  }

  @Test
  void a_later_life_ends_a_torn_line_before_its_own() throws IOException {
    for (int cut = 1; cut < ONE.length(); cut++) {
      Path file = folder.resolve("f" + cut);
      Files.writeString(file, ONE.substring(0, cut));
      LineFile lines = new LineFile(new LocalFiles(), file);
      lines.add(TWO);
      lines.write();
      lines.close();

      assertThat(steps(file)).as("cut at " + cut).containsExactly(2L);
    }
  }

  @Test
  void what_a_full_disk_took_in_part_is_written_again_whole() throws IOException {
    for (int cut = 0; cut < ONE.length() + TWO.length(); cut++) {
      Path file = folder.resolve("f" + cut);
      int bytes = cut;
      LineFile lines = new LineFile(fullAfter(bytes), file);
      lines.add(ONE);
      lines.add(TWO);

      assertThatThrownBy(lines::write).isInstanceOf(IOException.class);
      lines.add(new Logged(3, 0, 7, "").line());
      lines.write();

      assertThat(steps(file)).as("cut at " + cut).endsWith(1L, 2L, 3L).hasSizeLessThan(6);
      assertThat(lines.position()).isLessThanOrEqualTo(Files.size(file));
    }
  }

  /** The first record is taken in part. */
  private static FileSystem fullAfter(int bytes) {
    return new Delegating(new LocalFiles()) {
      private boolean full = true;

      @Override
      public Appender openAppender(Path file) throws IOException {
        Appender real = super.openAppender(file);
        return new Appender() {
          @Override
          public void append(byte[] record) throws IOException {
            if (full) {
              full = false;
              real.append(Arrays.copyOf(record, bytes));
              throw new IOException("No space left on device");
            }
            real.append(record);
          }

          @Override
          public void sync() throws IOException {
            real.sync();
          }

          @Override
          public void close() throws IOException {
            real.close();
          }
        };
      }
    };
  }
}
