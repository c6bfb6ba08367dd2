package dev.sweeprunner.app;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a database for the Spring Batch job repository before Spring starts. It is this worker's
 * memory, not the truth, so it never stops training:
 *
 * <ul>
 *   <li>held by a living process: a second file, for this process alone;
 *   <li>damaged: renamed, and a new one made;
 *   <li>not to be written (disk full, read-only): in memory.
 * </ul>
 *
 * <p>Each of these is one warning. The URL's options are two that matter: without {@code
 * WRITE_DELAY=0} a SIGKILL loses half a second of commits, and H2's own shutdown hook would race an
 * orderly stop.
 */
final class JobRepositoryFile {
  private static final String OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
  private static final int IN_USE = 90020;
  private static final int DAMAGED = 90030;
  private static final int GENERAL = 50000;
  private static final int IO = 90028;
  private static final int HEADER = 8192; // bytes that H2 must be able to read

  private final FileSystem files;
  private final Path folder;
  private final List<String> warnings = new ArrayList<>();

  JobRepositoryFile(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** What was out of order, one sentence each. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * A JDBC URL that can be opened and written now.
   *
   * @param worker names the file
   * @param pid names the second file, where the first is held
   */
  String url(String worker, long pid) {
    try {
      files.makeFolders(folder);
    } catch (IOException e) {
      return inMemory("cannot be created: " + e.getMessage());
    }
    return open(worker, worker + "-" + pid, true);
  }

  private String open(String name, String second, boolean mayRename) {
    Path file = folder.resolve(name + ".mv.db");
    String url = "jdbc:h2:file:" + folder.resolve(name).toAbsolutePath() + OPTIONS;
    try {
      probe(url);
      return url;
    } catch (SQLException e) {
      if (e.getErrorCode() == IN_USE && !name.equals(second)) {
        warnings.add(
            "The job repository "
                + file
                + " is held by another process; this one keeps its own beside it ("
                + second
                + ".mv.db)");
        return open(second, second, mayRename);
      }
      if (mayRename && isDamaged(file, e.getErrorCode())) {
        return anew(file, name, second, e);
      }
      return inMemory("cannot be written: " + firstLine(e));
    }
  }

  private boolean isDamaged(Path file, int error) {
    return error == DAMAGED || error == GENERAL || (error == IO && endsInItsHeader(file));
  }

  /** As a file may that was cut; H2 says the same of one that it may not read or write at all. */
  private boolean endsInItsHeader(Path file) {
    try {
      int length = files.read(file).length;
      return length > 0 && length < HEADER;
    } catch (IOException unreadable) {
      return false;
    }
  }

  private String anew(Path file, String name, String second, SQLException why) {
    Path aside = file.resolveSibling(name + ".damaged.mv.db");
    try {
      files.rename(file, aside);
    } catch (IOException e) {
      return inMemory("is damaged and cannot be renamed: " + e.getMessage());
    }
    warnings.add(
        "The job repository "
            + file
            + " was damaged ("
            + firstLine(why)
            + "); it is now "
            + aside.getFileName()
            + ", and a new one was begun. No run is affected");
    return open(name, second, false);
  }

  private String inMemory(String why) {
    warnings.add(
        "The job repository in "
            + folder
            + " "
            + why
            + "; it is kept in memory, and only this worker's own history is lost with it");
    return "jdbc:h2:mem:sweep-runner;DB_CLOSE_DELAY=-1" + OPTIONS;
  }

  private static void probe(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS PROBE(ID INT)");
      statement.execute("DROP TABLE PROBE");
    }
  }

  private static String firstLine(SQLException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.length() > 160 ? line.substring(0, 160) + "…" : line;
  }
}
