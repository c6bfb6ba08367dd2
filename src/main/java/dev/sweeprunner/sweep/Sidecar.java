package dev.sweeprunner.sweep;

import dev.sweeprunner.sweep.SweepFile.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The properties of one sweep that its own file has no keys for: {@code a.runner.yaml} beside
 * {@code a.yaml}. Knows no names: maps become dotted names, lists lines.
 *
 * <p>Stateless; safe for all threads.
 */
public final class Sidecar {
  private static final int DEEPEST = 16;

  private final YamlDocument document;
  private final Map<String, Reference> properties = new LinkedHashMap<>();

  private Sidecar(YamlDocument document) {
    this.document = document;
  }

  /** Where the sidecar of a sweep file stands, whether it is there or not. */
  public static Path path(Path sweepFile) {
    return sweepFile.resolveSibling(SweepFile.stem(sweepFile) + ".runner.yaml");
  }

  /**
   * Reads the sidecar of a sweep file.
   *
   * @return dotted names to the scalars as they are written, in file order; empty without a
   *     sidecar. A list is its elements joined by newlines, and nothing is the empty text
   * @throws dev.sweeprunner.problem.UserError if it cannot be read or is no map of such
   */
  public static Map<String, Reference> read(Path sweepFile) {
    Path path = path(sweepFile);
    if (!Files.exists(path)) {
      return Map.of();
    }
    return YamlDocument.parse(path)
        .map(
            document -> {
              Sidecar sidecar = new Sidecar(document);
              sidecar.readMap("", document.root(), 0);
              return Collections.unmodifiableMap(sidecar.properties);
            })
        .orElse(Map.of());
  }

  private void readMap(String prefix, Node node, int depth) {
    if (!(node instanceof MappingNode map) || depth > DEEPEST) {
      throw document.error(
          node,
          depth > DEEPEST ? "maps nest too deeply" : "the file is not a map of keys",
          "Write one property per line, as name: value");
    }
    for (YamlMap.Entry entry : YamlMap.entries(document, map).values()) {
      String name = prefix + entry.key();
      if (entry.value() instanceof MappingNode) {
        readMap(name + ".", entry.value(), depth + 1);
      } else {
        add(name, entry);
      }
    }
  }

  private void add(String name, YamlMap.Entry entry) {
    String text =
        entry.value() instanceof SequenceNode list ? lines(name, list) : text(name, entry.value());
    Reference before = properties.putIfAbsent(name, new Reference(text, entry.line()));
    if (before != null) {
      throw document.error(
          entry.line(),
          "the property " + name + " stands here and in line " + before.line(),
          "Remove one of the two");
    }
  }

  private String lines(String name, SequenceNode list) {
    List<String> lines = new ArrayList<>();
    list.getValue().forEach(element -> lines.add(text(name, element)));
    return String.join("\n", lines);
  }

  private String text(String name, Node node) {
    if (node instanceof ScalarNode scalar) {
      return PythonScalars.isNull(node) ? "" : scalar.getValue();
    }
    throw document.error(
        node, "the property " + name + " has a list or map within a list", "Write plain words");
  }
}
