package dev.sweeprunner.sweep;

import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads a W&amp;B sweep file. Stateless; safe for all threads. */
public final class SweepFileReader {
  private SweepFileReader() {}

  /**
   * Reads the file and its names; parameters and command are looked at when they are asked for, and
   * the base TOML is not opened.
   *
   * @param path the file; a relative one starts at the process's working directory
   * @param environment what {@code ${envvar:X}} in {@code command} stands for
   * @throws dev.sweeprunner.problem.UserError with file and line for what is no sweep file
   */
  public static SweepFile read(Path path, Map<String, String> environment) {
    YamlDocument document = YamlDocument.read(path);
    if (!(document.root() instanceof MappingNode map)) {
      throw document.error(
          document.root(),
          "the file is not a map of keys",
          "Write a W&B sweep: method, name, project, parameters");
    }
    return new SweepFile(
        new TopLevel(document, YamlMap.entries(document, map)), Map.copyOf(environment));
  }
}
