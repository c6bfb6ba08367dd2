package dev.sweeprunner.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Values of a program's parameters from YAML nodes, as PyYAML reads them: scalars, lists and maps,
 * nested at will.
 *
 * <p>Collects the words that PyYAML takes for strings though they look like numbers.
 */
final class PlainValues {
  private static final int DEEPEST = 64;
  private static final int MOST_VALUES = 2_000_000;
  private static final Set<Tag> PLAIN = Set.of(Tag.SEQ, Tag.MAP);
  private static final Pattern NUMBER_LIKE =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)[eE][-+]?[0-9]+|[-+]\\.[0-9]+");

  private final YamlDocument document;
  private final boolean numbers;
  private final List<SweepFile.Reference> words = new ArrayList<>();
  private int values;

  /**
   * For one file.
   *
   * @param numbers whether words that look like numbers are read as numbers
   */
  PlainValues(YamlDocument document, boolean numbers) {
    this.document = document;
    this.numbers = numbers;
  }

  /** The words that look like numbers and were read as strings, in the order of reading. */
  List<SweepFile.Reference> words() {
    return words;
  }

  /**
   * A value; lists and maps are unmodifiable.
   *
   * @param what how messages name it
   * @throws dev.sweeprunner.problem.UserError for a date, an unknown tag, a key that is no string
   */
  @Nullable Object value(String what, Node node) {
    return value(what, node, 0);
  }

  private @Nullable Object value(String what, Node node, int depth) {
    values++;
    if (depth > DEEPEST || values > MOST_VALUES) {
      throw document.error(
          node,
          what + (depth > DEEPEST ? " nests too deeply" : " brings more values than can be held"),
          "Write simpler values, or name a file that holds them");
    }
    if (!(node instanceof ScalarNode || PLAIN.contains(node.getTag()))) {
      throw document.error(
          node,
          what + " has the tag " + node.getTag() + ", which means nothing here",
          "Remove the tag");
    }
    if (node instanceof SequenceNode list) {
      List<@Nullable Object> elements = new ArrayList<>();
      list.getValue().forEach(element -> elements.add(value(what, element, depth + 1)));
      return Collections.unmodifiableList(elements);
    }
    if (node instanceof MappingNode map) {
      Map<String, @Nullable Object> entries = new LinkedHashMap<>();
      for (YamlMap.Entry entry : YamlMap.entries(document, map).values()) {
        entries.put(entry.key(), value(what, entry.value(), depth + 1));
      }
      return Collections.unmodifiableMap(entries);
    }
    return scalar(what, (ScalarNode) node);
  }

  private @Nullable Object scalar(String what, ScalarNode scalar) {
    String word = scalar.getValue();
    if (!looksLikeNumber(scalar)) {
      return YamlValues.scalar(document, what, scalar);
    }
    double number = Double.parseDouble(word);
    if (numbers && Double.isFinite(number)) {
      return number;
    }
    words.add(new SweepFile.Reference(word, YamlDocument.line(scalar)));
    return word;
  }

  private static boolean looksLikeNumber(ScalarNode scalar) {
    return scalar.getScalarStyle() == ScalarStyle.PLAIN
        && scalar.getTag().equals(Tag.STR)
        && NUMBER_LIKE.matcher(scalar.getValue()).matches();
  }
}
