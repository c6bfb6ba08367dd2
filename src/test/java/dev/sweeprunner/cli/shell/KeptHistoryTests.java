package dev.sweeprunner.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptHistoryTests {
  @TempDir Path folder;

  private KeptHistory history(Path file) throws IOException {
    var terminal = new DumbTerminal(InputStream.nullInputStream(), OutputStream.nullOutputStream());
    KeptHistory history = new KeptHistory();
    LineReader reader = LineReaderBuilder.builder().terminal(terminal).history(history).build();
    reader.setVariable(LineReader.HISTORY_FILE, file);
    history.attach(reader);
    return history;
  }

  @Test
  void what_was_typed_comes_back() throws IOException {
    Path file = folder.resolve("state/history");
    history(file).add("status");

    KeptHistory next = history(file);

    assertThat(next.get(next.last())).isEqualTo("status");
  }

  @Test
  void a_folder_that_cannot_be_made_is_no_matter() throws IOException {
    Path file = Files.createFile(folder.resolve("state")).resolve("history");
    KeptHistory history = history(file);

    history.load();
    history.add("status");
    history.save();

    assertThat(history.get(history.last())).isEqualTo("status");
    assertThat(folder.resolve("state")).isEmptyFile();
  }

  @Test
  void a_damaged_file_is_begun_anew() throws IOException {
    Path file = folder.resolve("history");
    Files.writeString(file, "no time stands here\n");

    history(file).add("plan");

    KeptHistory next = history(file);
    assertThat(next.size()).isEqualTo(1);
    assertThat(next.get(next.last())).isEqualTo("plan");
  }
}
