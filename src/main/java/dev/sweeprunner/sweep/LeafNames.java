package dev.sweeprunner.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Dotted names of the parameters, as {@link ParameterReader} gives them, whatever their values. */
final class LeafNames {
  private static final int DEEPEST = 16;

  private final YamlDocument document;
  private final Map<String, SweepFile.Reference> names = new LinkedHashMap<>();

  private LeafNames(YamlDocument document) {
    this.document = document;
  }

  /** All names in file order, each once. */
  static List<SweepFile.Reference> of(TopLevel top) {
    LeafNames leaves = new LeafNames(top.document());
    YamlMap.Entry parameters = top.entries().get("parameters");
    if (parameters != null) {
      leaves.below("", parameters.value(), 0);
    }
    return List.copyOf(leaves.names.values());
  }

  private void below(String prefix, Node node, int depth) {
    if (node instanceof MappingNode map && depth <= DEEPEST) {
      for (YamlMap.Entry entry : YamlMap.entries(document, map).values()) {
        one(prefix + entry.key(), entry, depth);
      }
    }
  }

  private void one(String name, YamlMap.Entry entry, int depth) {
    Map<String, YamlMap.Entry> forms =
        entry.value() instanceof MappingNode map ? YamlMap.entries(document, map) : Map.of();
    YamlMap.Entry nested = forms.get("parameters");
    if (nested != null) {
      below(name + ".", nested.value(), depth + 1);
      return;
    }
    boolean found = false;
    for (MappingNode value : maps(forms.get("value"), forms.get("values"))) {
      for (YamlMap.Entry member : YamlMap.entries(document, value).values()) {
        add(name + "." + member.key(), member.line());
        found = true;
      }
    }
    if (!found) {
      add(name, entry.line());
    }
  }

  private static List<MappingNode> maps(
      YamlMap.@Nullable Entry value, YamlMap.@Nullable Entry values) {
    List<Node> nodes = new ArrayList<>();
    if (value != null) {
      nodes.add(value.value());
    }
    if (values != null && values.value() instanceof SequenceNode list) {
      nodes.addAll(list.getValue());
    }
    return nodes.stream()
        .filter(MappingNode.class::isInstance)
        .map(MappingNode.class::cast)
        .toList();
  }

  private void add(String name, int line) {
    names.putIfAbsent(name, new SweepFile.Reference(name, line));
  }
}
