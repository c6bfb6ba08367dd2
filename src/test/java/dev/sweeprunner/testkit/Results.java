package dev.sweeprunner.testkit;

import dev.sweeprunner.config.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What runs left on disk, in a form that two storage roots can be compared by. */
public final class Results {
  private Results() {}

  /**
   * Per run folder: the hash of its final weights and its rows without their {@code wall} part.
   *
   * @param finalCheckpoint name of the last checkpoint's folder without its epoch
   */
  public static Map<String, List<String>> of(Path root, String finalCheckpoint) {
    Map<String, List<String>> results = new TreeMap<>();
    for (Path weights : find(root, "weights.safetensors")) {
      Path checkpoint = weights.getParent();
      if (checkpoint.getFileName().toString().startsWith(finalCheckpoint + "-e")) {
        Path run = checkpoint.getParent().getParent();
        results.put(run.getFileName().toString(), of(run, weights));
      }
    }
    return results;
  }

  /** Every path below {@code root} that should not outlive a finished run. */
  public static List<String> litter(Path root) {
    return all(root).stream()
        .map(path -> root.relativize(path).toString())
        .filter(
            path ->
                path.matches(".*/epochs(/.*)?")
                    || path.matches(".*/metrics(/.*)?")
                    || path.matches(".*/\\.t\\..*"))
        .toList();
  }

  /** Hash of every file below {@code root}. */
  public static Map<String, String> hashes(Path root) {
    return all(root).stream()
        .filter(Files::isRegularFile)
        .collect(
            Collectors.toMap(
                path -> root.relativize(path).toString(),
                Results::sha256,
                (a, b) -> a,
                TreeMap::new));
  }

  private static List<String> of(Path run, Path weights) {
    try (Stream<String> rows = Files.lines(run.resolve("metrics.jsonl"))) {
      List<String> result =
          rows.map(row -> row.replaceAll("\"wall\":\\{[^}]*}", ""))
              .collect(Collectors.toCollection(java.util.ArrayList::new));
      result.add(sha256(weights));
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> find(Path root, String name) {
    return all(root).stream().filter(path -> path.endsWith(name)).toList();
  }

  private static List<Path> all(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(Path file) {
    try {
      return Sha256.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The iterations of all checkpoints that lie under a root, in order. */
  public static List<String> checkpoints(Path root) {
    return all(root).stream()
        .filter(path -> path.getParent().endsWith("ckpt"))
        .map(path -> path.getFileName().toString())
        .filter(name -> name.matches("\\d{7}-e\\d+"))
        .map(name -> name.substring(0, 7))
        .sorted()
        .toList();
  }
}
