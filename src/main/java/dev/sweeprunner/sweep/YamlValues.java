package dev.sweeprunner.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Values of a grid from YAML nodes: scalars, and lists of scalars. */
final class YamlValues {
  private YamlValues() {}

  /**
   * A scalar's value, or a list of scalars' values.
   *
   * @param what how messages name it
   * @throws dev.sweeprunner.problem.UserError for a map, a nested list, a date, an unknown tag
   */
  static @Nullable Object value(YamlDocument document, String what, Node node) {
    if (node instanceof SequenceNode list) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Node element : list.getValue()) {
        values.add(scalar(document, what, element));
      }
      return Collections.unmodifiableList(values);
    }
    return scalar(document, what, node);
  }

  /** A scalar's value. */
  static @Nullable Object scalar(YamlDocument document, String what, Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw document.error(
          node,
          what + " has a " + (node instanceof SequenceNode ? "list" : "map") + " in a list",
          "Give numbers, strings, booleans, null, or lists of these");
    }
    Tag tag = scalar.getTag();
    String text = scalar.getValue();
    if (tag.equals(Tag.TIMESTAMP)) {
      throw document.error(node, text + " reads as a date in YAML", "Put it in quotes");
    }
    try {
      return PythonScalars.valueOf(tag, text);
    } catch (NumberFormatException e) {
      throw document.error(node, text + " is not a number", "Mend it or remove its tag");
    } catch (IllegalArgumentException e) {
      throw document.error(
          node,
          text + " has the tag " + tag + ", which means nothing here",
          scalar.getScalarStyle() == ScalarStyle.PLAIN
              ? "Remove the tag, or put the word in quotes"
              : "Remove the tag");
    }
  }
}
