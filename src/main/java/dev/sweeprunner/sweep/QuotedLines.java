package dev.sweeprunner.sweep;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Which lines of a YAML file continue a quoted or block scalar: there a tab is just text. */
final class QuotedLines {
  private QuotedLines() {}

  /** Marks by line number, from 1; index 0 is unused. Aliases make the tree a graph. */
  static boolean[] of(Node root, int lines) {
    boolean[] quoted = new boolean[lines + 1];
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!seen.add(node)) {
        continue;
      }
      if (node instanceof MappingNode map) {
        for (NodeTuple entry : map.getValue()) {
          open.push(entry.getKeyNode());
          open.push(entry.getValueNode());
        }
      } else if (node instanceof SequenceNode list) {
        list.getValue().forEach(open::push);
      } else if (node instanceof ScalarNode scalar
          && scalar.getScalarStyle() != ScalarStyle.PLAIN) {
        int first = scalar.getStartMark().getLine() + 2;
        int last = Math.min(lines, scalar.getEndMark().getLine() + 1);
        if (first <= last) {
          Arrays.fill(quoted, first, last + 1, true);
        }
      }
    }
    return quoted;
  }
}
