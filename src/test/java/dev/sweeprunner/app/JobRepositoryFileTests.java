package dev.sweeprunner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobRepositoryFileTests {
  private static final String COUNT = "SELECT COUNT(*) FROM BATCH_JOB_INSTANCE";

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void each_start_finds_the_tables_of_the_first_and_leaves_one_file() throws Exception {
    execute(
        store().url(), "INSERT INTO BATCH_JOB_INSTANCE(JOB_NAME, JOB_KEY) VALUES('sweep', 'k')");

    assertThat(count(store().url())).isEqualTo(1);
    assertThat(folder.toFile().list()).containsExactly("w1.mv.db");
    assertThat(warnings).isEmpty();
  }

  @Test
  void tables_that_a_killed_process_began_to_make_are_made_anew() throws Exception {
    Path file = folder.resolve("w1");
    execute("jdbc:h2:file:" + file, "CREATE TABLE BATCH_JOB_INSTANCE(JOB_INSTANCE_ID BIGINT)");

    execute(
        store().url(), "INSERT INTO BATCH_JOB_INSTANCE(JOB_NAME, JOB_KEY) VALUES('sweep', 'k')");

    assertThat(warnings).isEmpty();
  }

  @Test
  void where_no_file_can_be_made_it_is_in_memory_with_its_tables_and_one_warning()
      throws Exception {
    folder = Files.writeString(folder.resolve("a file"), "").resolve("below");

    JobRepositoryFile store = store();

    assertThat(count(store.url())).isZero();
    assertThat(warnings).singleElement().asString().contains("cannot be created", "in memory");
  }

  @Test
  void once_lost_it_goes_on_in_memory_and_names_what_lies_deepest() throws Exception {
    JobRepositoryFile store = store();
    IOException full = new IOException("No space left on device");

    store.lost(new IllegalStateException("rollback", new SQLException("closed", full)));

    assertThat(store.url()).startsWith("jdbc:h2:mem:");
    assertThat(count(store.url())).isZero();
    assertThat(warnings).singleElement().asString().contains(": No space left on device; it is");
    assertThatThrownBy(() -> store.lost(full)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 4096, 8191})
  void one_cut_within_its_header_is_kept_aside_and_a_new_one_begun(int left) throws Exception {
    store().close();
    Path file = folder.resolve("w1.mv.db");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), left));

    JobRepositoryFile store = store();

    assertThat(store.url()).startsWith("jdbc:h2:file:");
    store.close();
    assertThat(warnings).singleElement().asString().contains(file + " was damaged");
    assertThat(folder.resolve("w1.damaged.mv.db")).hasSize(left);
    assertThat(store().url()).startsWith("jdbc:h2:file:");
    assertThat(warnings).hasSize(1);
  }

  @Test
  void an_emptied_one_is_a_new_memory_without_a_word() throws Exception {
    store().close();
    Files.write(folder.resolve("w1.mv.db"), new byte[0]);

    assertThat(store().url()).startsWith("jdbc:h2:file:");
    assertThat(warnings).isEmpty();
  }

  private JobRepositoryFile store() {
    return new JobRepositoryFile(new LocalFiles(), folder, "w1", 4711, warnings::add);
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement();
        var found = statement.executeQuery(COUNT)) {
      assertThat(found.next()).isTrue();
      return found.getInt(1);
    }
  }
}
