package dev.sweeprunner.journal;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.IoReason;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds runs by id under {@code out/{project}/{group}/}. A run that was claimed but has no folder
 * yet is found by its lock alone, with an unknown group and seed. What cannot be read is named only
 * where the run is nowhere else.
 */
public final class RunFolders {
  private static final Pattern FOLDER = Pattern.compile("([0-9a-f]{8})(?:_s(-?\\d{1,18}))?");

  private final Layout layout;

  public RunFolders(Layout layout) {
    this.layout = layout;
  }

  /**
   * The runs with this id, one per project that has a lock folder for it; empty if none.
   *
   * @throws UserError if none is seen and something cannot be read
   */
  public List<RunKey> find(String runId) {
    List<RunKey> found = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    for (Path project : folders(layout.out(), unreadable)) {
      String name = project.getFileName().toString();
      List<RunKey> inProject = new ArrayList<>();
      for (Path group : folders(project, unreadable)) {
        for (Path run : folders(group, unreadable)) {
          Matcher matcher = FOLDER.matcher(run.getFileName().toString());
          if (matcher.matches() && matcher.group(1).equals(runId)) {
            String digits = matcher.group(2);
            Long seed = digits == null ? null : Long.valueOf(digits);
            inProject.add(new RunKey(name, group.getFileName().toString(), runId, seed));
          }
        }
      }
      RunKey locked = new RunKey(name, "unknown", runId, null);
      if (inProject.isEmpty() && Files.isDirectory(layout.lock(locked))) {
        inProject.add(locked);
      }
      found.addAll(inProject);
    }
    if (found.isEmpty() && !unreadable.isEmpty()) {
      throw new UserError(
          runId,
          "it is not known where this run lies: " + String.join(", ", unreadable),
          "Make them readable, or give its sweep with --sweep");
    }
    return found;
  }

  private static List<Path> folders(Path parent, List<String> unreadable) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException absent) {
      return List.of();
    } catch (IOException e) {
      unreadable.add(parent + " cannot be read: " + IoReason.of(e));
      return List.of();
    }
  }
}
