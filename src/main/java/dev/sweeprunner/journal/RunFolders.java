package dev.sweeprunner.journal;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
          key(name, group, run).filter(key -> key.runId().equals(runId)).ifPresent(inProject::add);
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

  /** The folders that may be projects. */
  List<String> projects() {
    return folders(layout.out(), new ArrayList<>()).stream()
        .map(project -> project.getFileName().toString())
        .toList();
  }

  /**
   * The runs of a project by their ids, from one listing of each of its groups: their names say
   * what they are, and nothing is asked of each.
   */
  Inspection.Stock stock(String project) {
    Map<String, List<RunKey>> runs = new TreeMap<>();
    List<Finding> findings = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    for (Path group : folders(layout.out().resolve(project), unreadable)) {
      for (Path run : entries(group, unreadable)) {
        key(project, group, run)
            .ifPresent(key -> runs.computeIfAbsent(key.runId(), id -> new ArrayList<>()).add(key));
      }
    }
    for (String what : unreadable) {
      String wayOut = "Make it readable for this user: what lies there is not known";
      findings.add(new Finding(Kind.UNREADABLE, "", "out/" + project, what, wayOut));
    }
    return new Inspection.Stock(runs, findings);
  }

  private static Optional<RunKey> key(String project, Path group, Path run) {
    Matcher matcher = FOLDER.matcher(run.getFileName().toString());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String digits = matcher.group(2);
    Long seed = digits == null ? null : Long.valueOf(digits);
    String name = group.getFileName().toString();
    return Optional.of(new RunKey(project, name, matcher.group(1), seed));
  }

  /** The run itself where it has its folder; else where another group of its project has it. */
  RunKey home(RunKey key) {
    if (Files.isDirectory(layout.run(key))) {
      return key;
    }
    return folders(layout.out().resolve(key.project()), new ArrayList<>()).stream()
        .map(group -> key.in(group.getFileName().toString()))
        .filter(there -> Files.isDirectory(layout.run(there)))
        .findFirst()
        .orElse(key);
  }

  private static List<Path> folders(Path parent, List<String> unreadable) {
    return entries(parent, unreadable).stream().filter(Files::isDirectory).toList();
  }

  private static List<Path> entries(Path parent, List<String> unreadable) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException absent) {
      return List.of();
    } catch (IOException e) {
      unreadable.add(parent + " cannot be read: " + Why.of(e));
      return List.of();
    }
  }
}
