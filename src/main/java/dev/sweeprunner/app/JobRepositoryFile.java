package dev.sweeprunner.app;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.problem.Why;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The database of the Spring Batch job repository, opened and with its tables before Spring starts.
 * It is this worker's memory, not the truth, so it never stops training:
 *
 * <ul>
 *   <li>held by a living process: a second file, for this process alone;
 *   <li>damaged: renamed, and a new one made;
 *   <li>not to be written (disk full, read-only), now or later: in memory.
 * </ul>
 *
 * <p>Each of these is one warning. The URL's options matter: without {@code WRITE_DELAY=0} a
 * SIGKILL loses half a second of commits, H2's own shutdown hook would race an orderly stop, and
 * its trace file tells nobody anything.
 */
final class JobRepositoryFile implements AutoCloseable {
  private static final String OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;TRACE_LEVEL_FILE=0";
  private static final String IN_MEMORY = "jdbc:h2:mem:sweep-runner;DB_CLOSE_DELAY=-1" + OPTIONS;
  private static final String TABLES =
      "RUNSCRIPT FROM 'classpath:org/springframework/batch/core/schema-h2.sql'";

  /** Finds what Spring's script makes last. */
  private static final String COMPLETE =
      "SELECT 1 FROM INFORMATION_SCHEMA.SEQUENCES WHERE SEQUENCE_NAME = 'BATCH_JOB_INSTANCE_SEQ'";

  private static final int IN_USE = 90020;
  private static final int DAMAGED = 90030;
  private static final int GENERAL = 50000;
  private static final int IO = 90028;

  /** Bytes that H2 must be able to read. */
  private static final int HEADER = 8192;

  private static final int LONGEST_REASON = 160;

  private final FileSystem files;
  private final Path folder;
  private final Consumer<String> warnings;
  private @Nullable String url;

  /** Keeps the database open, which takes longer to close and open than to ask. */
  private @Nullable Connection kept;

  /**
   * Finds or makes it.
   *
   * @param worker names the file
   * @param pid names the second file, where the first is held
   * @param warnings is told what is out of order, one sentence each
   */
  JobRepositoryFile(
      FileSystem files, Path folder, String worker, long pid, Consumer<String> warnings) {
    this.files = files;
    this.folder = folder;
    this.warnings = warnings;
    try {
      files.makeFolders(folder);
      open(worker, worker + "-" + pid, true);
    } catch (IOException e) {
      inMemory("cannot be created: " + Why.at(e));
    }
  }

  /** A JDBC URL that could be opened and written when it was last tried. */
  String url() {
    return Objects.requireNonNull(url);
  }

  /**
   * From now on it is kept in memory.
   *
   * @throws IllegalStateException if it was already
   */
  void lost(Throwable why) {
    if (url().equals(IN_MEMORY)) {
      throw new IllegalStateException("The job repository in memory broke", why);
    }
    inMemory("cannot be used any more: " + reason(why));
  }

  private void open(String name, String second, boolean mayRename) {
    Path file = folder.resolve(name + ".mv.db");
    try {
      prepare("jdbc:h2:file:" + folder.resolve(name).toAbsolutePath() + OPTIONS);
    } catch (SQLException e) {
      if (e.getErrorCode() == IN_USE && !name.equals(second)) {
        warnings.accept(
            "The job repository "
                + file
                + " is held by another process; this one keeps its own beside it ("
                + second
                + ".mv.db)");
        open(second, second, mayRename);
      } else if (mayRename && (damaged(e) || endsInItsHeader(file, e))) {
        anew(file, name, second, e);
      } else {
        inMemory("cannot be written: " + reason(e));
      }
    }
  }

  private void anew(Path file, String name, String second, SQLException why) {
    Path aside = file.resolveSibling(name + ".damaged.mv.db");
    try {
      files.rename(file, aside);
    } catch (IOException e) {
      inMemory("is damaged and cannot be renamed: " + Why.of(e));
      return;
    }
    warnings.accept(
        "The job repository "
            + file
            + " was damaged ("
            + reason(why)
            + "); it is now "
            + aside.getFileName()
            + ", and a new one was begun. No run is affected");
    open(name, second, false);
  }

  private void inMemory(String why) {
    warnings.accept(
        "The job repository in "
            + folder
            + " "
            + why
            + "; it is kept in memory, and only this worker's own history is lost with it");
    try {
      prepare(IN_MEMORY);
    } catch (SQLException e) {
      throw new IllegalStateException("No job repository can be made in memory", e);
    }
  }

  /** Tries to write into it; makes what is not there yet, and anew what a killed process began. */
  private void prepare(String tried) throws SQLException {
    Connection connection = DriverManager.getConnection(tried, "sa", "");
    try (Statement statement = connection.createStatement()) {
      boolean complete;
      try (ResultSet found = statement.executeQuery(COMPLETE)) {
        complete = found.next();
      }
      if (!complete) {
        statement.execute("DROP ALL OBJECTS");
        statement.execute(TABLES);
      }
      statement.execute("CREATE TABLE IF NOT EXISTS PROBE(ID INT)");
      statement.execute("DROP TABLE PROBE");
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    close();
    kept = connection;
    url = tried;
  }

  /** Lets go of the database; to be called when nobody uses it any more. */
  @Override
  public void close() {
    try {
      if (kept != null) {
        kept.close();
      }
    } catch (SQLException closedAlready) {
      return; // nothing is held then
    }
  }

  /** A disk that takes no more makes H2 say the same; only what it said itself tells them apart. */
  private static boolean damaged(SQLException e) {
    Throwable deepest = deepest(e);
    boolean disk = deepest instanceof IOException && !(deepest instanceof EOFException);
    return (e.getErrorCode() == DAMAGED || e.getErrorCode() == GENERAL) && !disk;
  }

  /** As a file may that was cut; H2 says the same of one that it may not read or write at all. */
  private boolean endsInItsHeader(Path file, SQLException e) {
    try {
      int length = e.getErrorCode() == IO ? files.read(file).length : 0;
      return length > 0 && length < HEADER;
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Throwable deepest(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : deepest(cause);
  }

  /** The first line of what lies deepest: it names the disk, not what became of the database. */
  private static String reason(Throwable failure) {
    String line = Why.of(deepest(failure)).lines().findFirst().orElse("");
    return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "…" : line;
  }
}
