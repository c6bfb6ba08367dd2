package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.TrackedArtifact;
import dev.sweeprunner.wandb.telemetry.Cargo.Hold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds what programs have left for W&amp;B in the folders of a run's claims. Of files of one name
 * the newest claim's counts.
 *
 * @param folders of the claims, newest first
 */
record CargoList(FileSystem disk, List<Path> folders) {
  private static final String SUFFIX = ".json";

  /** What lies there now. */
  Hold look() throws IOException {
    return new Hold(runFiles(), artifacts());
  }

  private List<Cargo.RunFile> runFiles() throws IOException {
    Map<String, Cargo.RunFile> found = new LinkedHashMap<>();
    for (Path claim : folders) {
      Path folder = Layout.trackedFiles(claim);
      for (Path file : below(folder)) {
        String name = folder.relativize(file).toString();
        if (!found.containsKey(name)) {
          try {
            found.put(name, runFile(name, file));
          } catch (NoSuchFileException replaced) {
            continue;
          }
        }
      }
    }
    return found.values().stream().sorted(Comparator.comparing(Cargo.RunFile::name)).toList();
  }

  private Cargo.RunFile runFile(String name, Path file) throws IOException {
    long size = Files.size(file);
    String mark = "file " + name + " " + size + " " + disk.modified(file);
    return new Cargo.RunFile(name, file, size, mark);
  }

  private static List<Path> below(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(CargoList::whole).toList();
    }
  }

  private static boolean whole(Path file) {
    return !String.valueOf(file.getFileName()).startsWith(FileSystem.TEMP_PREFIX);
  }

  /** In the order in which they were first named: one may refer to those before it. */
  private List<Cargo> artifacts() throws IOException {
    List<Cargo> cargo = new ArrayList<>();
    for (int i = folders.size() - 1; i >= 0; i--) {
      Path folder = Layout.trackedArtifacts(folders.get(i));
      List<TrackedArtifact> all = new ArrayList<>();
      for (String name : names(folder)) {
        read(folder.resolve(name), all);
      }
      all.sort(Comparator.comparingInt(TrackedArtifact::order));
      all.forEach(artifact -> load(artifact, cargo));
    }
    Set<String> marks = new HashSet<>();
    cargo.removeIf(one -> !marks.add(one.mark()));
    return cargo;
  }

  private void load(TrackedArtifact artifact, List<Cargo> cargo) {
    for (Map<String, ?> input : artifact.inputs()) {
      String mark = Cargo.Version.start(artifact.number()) + input.get("clientID");
      cargo.add(new Cargo.Version(artifact, Map.copyOf(present(input)), contents(artifact), mark));
    }
    for (Map<String, ?> link : artifact.links()) {
      Map<String, Object> present = present(link);
      String mark = "link " + artifact.number() + " " + present;
      cargo.add(new Cargo.Link(artifact, Map.copyOf(present), mark));
    }
  }

  private Path contents(TrackedArtifact artifact) {
    return folders.stream()
        .map(claim -> Layout.trackedArtifacts(claim).resolve(Long.toString(artifact.number())))
        .filter(folder -> Files.exists(folder.resolve(TrackedArtifact.MANIFEST)))
        .findFirst()
        .orElse(folders.get(0));
  }

  /** What was not said is not sent: an older server knows fewer members. */
  static Map<String, Object> present(Map<String, ?> members) {
    Map<String, Object> present = new LinkedHashMap<>();
    members.forEach(
        (name, value) -> {
          if (value != null) {
            present.put(name, value);
          }
        });
    return present;
  }

  private void read(Path file, List<TrackedArtifact> into) throws IOException {
    try {
      TrackedArtifact artifact = TrackedArtifact.read(disk.read(file));
      if (artifact.committed()) {
        into.add(artifact);
      }
    } catch (UnreadableJson damaged) {
      return;
    }
  }

  private List<String> names(Path folder) throws IOException {
    try {
      return disk.list(folder).stream()
          .filter(name -> name.endsWith(SUFFIX) && !name.startsWith(FileSystem.TEMP_PREFIX))
          .sorted()
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }
}
