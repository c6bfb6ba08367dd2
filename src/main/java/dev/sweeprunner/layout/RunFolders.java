package dev.sweeprunner.layout;

import dev.sweeprunner.config.RunKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds runs by id under {@code out/{project}/{group}/}. A run that was claimed but has no folder
 * yet is found by its lock alone, with an unknown group and seed.
 */
public final class RunFolders {
  private static final Pattern FOLDER = Pattern.compile("([0-9a-f]{8})_s(-?\\d{1,18})");

  private final Layout layout;

  public RunFolders(Layout layout) {
    this.layout = layout;
  }

  /** All runs of this id; a folder that cannot be read holds none. */
  public List<RunKey> find(String runId) {
    List<RunKey> found = new ArrayList<>();
    for (Path project : folders(layout.out())) {
      String name = project.getFileName().toString();
      List<RunKey> inProject = new ArrayList<>();
      for (Path group : folders(project)) {
        for (Path run : folders(group)) {
          Matcher matcher = FOLDER.matcher(run.getFileName().toString());
          if (matcher.matches() && matcher.group(1).equals(runId)) {
            long seed = Long.parseLong(matcher.group(2));
            inProject.add(new RunKey(name, group.getFileName().toString(), runId, seed));
          }
        }
      }
      RunKey locked = new RunKey(name, "unknown", runId, 0);
      if (inProject.isEmpty() && Files.isDirectory(layout.lock(locked))) {
        inProject.add(locked);
      }
      found.addAll(inProject);
    }
    return found;
  }

  private static List<Path> folders(Path parent) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
