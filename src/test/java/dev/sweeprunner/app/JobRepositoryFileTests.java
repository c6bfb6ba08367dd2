package dev.sweeprunner.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job repository whose file lost something. */
class JobRepositoryFileTests {
  @TempDir Path folder;

  private Path file;
  private byte[] whole;

  @BeforeEach
  void a_repository() throws IOException, SQLException {
    file = folder.resolve("w.mv.db");
    try (var connection = DriverManager.getConnection(open(store()), "sa", "");
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE MEMORY(ID INT)");
    }
    whole = Files.readAllBytes(file);
  }

  @Test
  void a_whole_one_is_opened_without_a_word() {
    JobRepositoryFile store = store();

    assertThat(open(store)).startsWith("jdbc:h2:file:");
    assertThat(store.warnings()).isEmpty();
  }

  @Test
  void an_emptied_one_is_a_new_memory_without_a_word() throws IOException {
    Files.write(file, new byte[0]);
    JobRepositoryFile store = store();

    assertThat(open(store)).startsWith("jdbc:h2:file:");
    assertThat(store.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 4096, 8191})
  void one_cut_within_its_header_is_kept_aside_and_a_new_one_begun(int left) throws IOException {
    Files.write(file, Arrays.copyOf(whole, left));
    JobRepositoryFile store = store();

    assertThat(open(store)).startsWith("jdbc:h2:file:");
    assertThat(store.warnings()).singleElement().asString().contains(file + " was damaged");
    assertThat(folder.resolve("w.damaged.mv.db")).hasSize(left);
    JobRepositoryFile next = store();
    assertThat(open(next)).startsWith("jdbc:h2:file:");
    assertThat(next.warnings()).isEmpty();
  }

  private JobRepositoryFile store() {
    return new JobRepositoryFile(new LocalFiles(), folder);
  }

  private static String open(JobRepositoryFile store) {
    return store.url("w", 1);
  }
}
