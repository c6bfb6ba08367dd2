package dev.sweeprunner.sweep;

import dev.sweeprunner.python.PythonText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads the words of {@code program} and {@code command}, macros and all. */
final class ProgramReader {
  private ProgramReader() {}

  /**
   * Reads them.
   *
   * @throws dev.sweeprunner.problem.UserError if {@code program} is no string, or {@code command}
   *     no list of scalars
   */
  static SweepFile.Program read(TopLevel top) {
    String program = top.text("program", "");
    YamlMap.Entry place = top.entries().get("program");
    return new SweepFile.Program(
        place == null || program.isEmpty() ? null : new SweepFile.Reference(program, place.line()),
        command(top));
  }

  private static @Nullable List<SweepFile.Reference> command(TopLevel top) {
    YamlDocument document = top.document();
    YamlMap.Entry command = top.entries().get("command");
    if (command == null || PythonScalars.isNull(command.value())) {
      return null;
    }
    if (!(command.value() instanceof SequenceNode list)) {
      throw document.error(
          command.line(), "command is not a list", "Write one word per element, as W&B does");
    }
    List<SweepFile.Reference> words = new ArrayList<>();
    for (Node element : list.getValue()) {
      if (!(element instanceof ScalarNode)) {
        throw document.error(element, "an element of command is no word", "Write plain words");
      }
      Object value = YamlValues.scalar(document, "command", element);
      words.add(new SweepFile.Reference(PythonText.str(value), YamlDocument.line(element)));
    }
    return words;
  }
}
