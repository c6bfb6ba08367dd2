package dev.sweeprunner.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The entries of a mapping in the order in which PyYAML's dict has them: those of merge keys
 * ({@code <<}) first, an own entry replacing a merged one in its place.
 *
 * <p>Unlike PyYAML, a key written twice is an error, and so is a key that is no string.
 */
final class YamlMap {
  private static final int DEEPEST_MERGE = 16;
  private static final int MOST_MERGED = 100_000;

  /** A key with its place and value. */
  record Entry(String key, int line, Node value) {}

  private final YamlDocument document;

  /** All entries, merged ones first, the winner of equal keys last. */
  private final List<Entry> flat = new ArrayList<>();

  private YamlMap(YamlDocument document) {
    this.document = document;
  }

  /**
   * Reads a mapping.
   *
   * @throws dev.sweeprunner.problem.UserError for a doubled key, a key that is no string, or a
   *     merge of something that is no mapping
   */
  static Map<String, Entry> entries(YamlDocument document, MappingNode node) {
    YamlMap map = new YamlMap(document);
    map.add(node, 0);
    Map<String, Entry> entries = new LinkedHashMap<>();
    map.flat.forEach(entry -> entries.put(entry.key(), entry));
    return entries;
  }

  private void add(MappingNode node, int depth) {
    if (depth > DEEPEST_MERGE) {
      throw document.error(node, "merge keys are nested too deeply", "Write the entries out");
    }
    Map<String, Entry> own = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      Node key = tuple.getKeyNode();
      if (key.getTag().equals(Tag.MERGE)) {
        merge(tuple.getValueNode(), depth);
        continue;
      }
      Entry entry = new Entry(name(key), YamlDocument.line(key), tuple.getValueNode());
      Entry before = own.putIfAbsent(entry.key(), entry);
      if (before != null) {
        throw document.error(
            key,
            "the key " + entry.key() + " stands here and in line " + before.line(),
            "Remove one of the two or rename it");
      }
    }
    flat.addAll(own.values());
    if (depth > 0 && flat.size() > MOST_MERGED) {
      throw document.error(node, "merge keys multiply beyond reason", "Write the entries out");
    }
  }

  private void merge(Node value, int depth) {
    if (value instanceof MappingNode map) {
      add(map, depth + 1);
    } else if (value instanceof SequenceNode list) {
      // The first of a list wins, so it is added last.
      List<Node> maps = list.getValue();
      for (int i = maps.size() - 1; i >= 0; i--) {
        add(mapping(maps.get(i)), depth + 1);
      }
    } else {
      mapping(value);
    }
  }

  private MappingNode mapping(Node node) {
    if (node instanceof MappingNode map) {
      return map;
    }
    throw document.error(node, "<< merges something that is no map", "Give it an alias of a map");
  }

  private String name(Node key) {
    if (key instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return scalar.getValue();
    }
    if (key instanceof ScalarNode scalar) {
      throw document.error(
          key, "the key " + scalar.getValue() + " is not a string in YAML", "Put it in quotes");
    }
    throw document.error(key, "this key is not a string in YAML", "Write a single word");
  }
}
