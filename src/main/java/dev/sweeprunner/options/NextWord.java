package dev.sweeprunner.options;

import dev.sweeprunner.options.Invocation.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What may stand next in a line of a shell, by the tables that {@link CommandLine} reads it with.
 *
 * @param words the words that may, whole
 * @param files whether a path may
 * @param runIds whether the id of a run may
 */
public record NextWord(List<String> words, boolean files, boolean runIds) {
  private static final NextWord NONE = new NextWord(List.of(), false, false);
  private static final Set<Option> PATHS = Set.of(Option.SWEEP, Option.STORAGE, Option.CWD);

  /**
   * What may follow.
   *
   * @param before the words before it
   * @param begun what of it is there
   * @param properties names of all properties, without their prefix
   */
  public static NextWord after(List<String> before, String begun, Set<String> properties) {
    String last = before.isEmpty() ? "" : before.get(before.size() - 1);
    Optional<Option> open = dashed(last).filter(Option::takesNext);
    int equals = begun.indexOf('=');
    if (begun.startsWith("--") && equals > 0) {
      return dashed(begun.substring(0, equals))
          .map(option -> value(option, begun.substring(0, equals + 1)))
          .orElse(NONE);
    } else if (open.isPresent()) {
      return value(open.get(), "");
    } else if (last.startsWith("--") && properties.contains(last.substring(2))) {
      return NONE;
    }
    Optional<Command> command = command(before);
    if (begun.startsWith("-")) {
      return words(options(command, begun, properties));
    }
    return command.map(NextWord::argument).orElseGet(() -> words(commands()));
  }

  private static NextWord value(Option option, String prefix) {
    List<String> choices = option.choices().stream().map(choice -> prefix + choice).toList();
    return new NextWord(choices, PATHS.contains(option) && prefix.isEmpty(), false);
  }

  private static NextWord argument(Command command) {
    return switch (command) {
      case HELP -> words(commands());
      case PLAN, SWEEP -> new NextWord(List.of(), true, false);
      default -> new NextWord(List.of(), false, command.takesRunIds());
    };
  }

  private static List<String> commands() {
    return Command.ofShell().stream().map(Command::word).toList();
  }

  private static List<String> options(
      Optional<Command> command, String begun, Set<String> properties) {
    List<String> names = new ArrayList<>(List.of(Option.HELP.dashed()));
    if (command.map(Command::onlyInShell).orElse(false)) {
      return names;
    }
    Stream.of(Option.values())
        .filter(option -> command.map(option::concerns).orElse(true))
        .map(Option::dashed)
        .forEach(names::add);
    if (begun.length() > 2) {
      properties.forEach(name -> names.add("--" + name));
    }
    return names.stream().distinct().toList();
  }

  /** The command that the words name, if they do. */
  private static Optional<Command> command(List<String> words) {
    return Command.ofShell().stream().filter(command -> words.contains(command.word())).findFirst();
  }

  private static Optional<Option> dashed(String word) {
    return word.startsWith("--") ? Option.of(word.substring(2)) : Optional.empty();
  }

  private static NextWord words(List<String> words) {
    return new NextWord(List.copyOf(words), false, false);
  }
}
