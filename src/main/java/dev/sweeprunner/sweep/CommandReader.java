package dev.sweeprunner.sweep;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Finds the base TOML in {@code command}; the rest of it is not used. */
final class CommandReader {
  private CommandReader() {}

  /** Whether there is more in it than the option that names a TOML and that TOML. */
  static boolean saysMoreThanToml(YamlMap.Entry command) {
    if (!(command.value() instanceof SequenceNode list)
        || list.getValue().isEmpty()
        || !(list.getValue().get(0) instanceof ScalarNode first)) {
      return true;
    }
    boolean option = first.getValue().startsWith("--job.config");
    boolean toml = first.getValue().endsWith(".toml");
    return switch (list.getValue().size()) {
      case 1 -> !option && !toml;
      case 2 -> !option || toml;
      default -> true;
    };
  }

  /**
   * The first element that is {@code --job.config-file=x} or ends in {@code .toml}, or that follows
   * {@code --job.config-file} (or {@code --job.config_file}); null if there is none.
   *
   * @throws dev.sweeprunner.problem.UserError if {@code command} is no list of words
   */
  static SweepFile.@Nullable Reference baseToml(YamlDocument document, YamlMap.Entry command) {
    if (!(command.value() instanceof SequenceNode list)) {
      throw document.error(
          command.line(), "command is not a list", "Write one word per element, as W&B does");
    }
    boolean next = false;
    for (Node element : list.getValue()) {
      if (!(element instanceof ScalarNode scalar)) {
        throw document.error(element, "an element of command is no word", "Write plain words");
      }
      String word = scalar.getValue();
      String flag = word.replaceFirst("^--job\\.config[-_]file(?:=|$)", "\0");
      if (flag.length() > 1 && flag.charAt(0) == '\0') {
        return new SweepFile.Reference(flag.substring(1), YamlDocument.line(element));
      }
      if (next || word.endsWith(".toml")) {
        return new SweepFile.Reference(word, YamlDocument.line(element));
      }
      next = flag.equals("\0");
    }
    if (next) {
      throw document.error(
          command.line(), "--job.config-file is the last word of command", "Name a TOML after it");
    }
    return null;
  }
}
