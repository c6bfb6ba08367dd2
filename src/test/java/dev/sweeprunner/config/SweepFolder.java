package dev.sweeprunner.config;

import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A folder that a test fills with sweeps and TOMLs; it is the working directory as well. */
final class SweepFolder {
  private final Path folder;

  SweepFolder(Path folder) {
    this.folder = folder;
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** Writes a file next to the sweeps. */
  SweepFolder with(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  /** Copies a file of {@code src/test/resources/golden} under the same name. */
  SweepFolder withGolden(String name) throws IOException {
    return with(name, golden(name));
  }

  /** The points of a sweep that is written first. */
  Points points(String yaml) throws IOException {
    with("a.yaml", yaml);
    return pointsOf("a.yaml");
  }

  /** The points of a sweep that is written first, with another hash. */
  Points points(String yaml, RunIdHash hash) throws IOException {
    with("a.yaml", yaml);
    return Points.of(sweep("a.yaml"), Places.of(folder, path("a.yaml")), hash);
  }

  /** The points of a sweep that is there. */
  Points pointsOf(String name) {
    return Points.of(sweep(name), Places.of(folder, path(name)));
  }

  /** A program's points of a sweep that is there. */
  Points programPointsOf(String name, SpaceOptions options) {
    SweepFile sweep = sweep(name);
    return Points.ofProgram(sweep, sweep.space(options));
  }

  SweepFile sweep(String name) {
    return SweepFileReader.read(path(name), Map.of());
  }

  static String golden(String name) throws IOException {
    try (InputStream stream = SweepFolder.class.getResourceAsStream("/golden/" + name)) {
      if (stream == null) {
        throw new IOException("no fixture golden/" + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static List<String> goldenLines(String name) throws IOException {
    return golden(name).lines().toList();
  }
}
