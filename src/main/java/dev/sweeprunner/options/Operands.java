package dev.sweeprunner.options;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.problem.UserError;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a command is about, as far as it is no sweep: run ids, or the texts of {@code prepare}. */
final class Operands {
  private Operands() {}

  /**
   * The words behind the command.
   *
   * @throws UserError for words that it does not take, and for those that it lacks
   */
  static List<String> of(Command command, List<String> words) {
    List<String> arguments = words.isEmpty() ? List.of() : words.subList(1, words.size());
    String word = command.word();
    if (!command.takesRunIds() && command != Command.PREPARE && !arguments.isEmpty()) {
      String first = arguments.get(0);
      throw new UserError(
          Said.shown(first),
          word + " takes no further words",
          !first.endsWith(".yaml") || command.onlyInShell()
              ? Said.SEE_HELP
              : "Write --sweep " + first);
    }
    if (command.takesRunIds() && arguments.isEmpty()) {
      throw new UserError(
          word, "the run id is missing", "Write " + word + " RUN_ID; status shows the ids");
    }
    if (command == Command.PREPARE) {
      return texts(arguments);
    }
    if (command.takesRunIds() && command != Command.RESET && arguments.size() > 1) {
      throw new UserError(
          word, "there are " + arguments.size() + " run ids", "Ask for one at a time");
    }
    return arguments.stream().map(Operands::runId).toList();
  }

  private static List<String> texts(List<String> arguments) {
    if (arguments.isEmpty() || arguments.contains("")) {
      throw new UserError(
          Command.PREPARE.word(),
          arguments.isEmpty() ? "no text is named" : "a path is empty",
          "Write " + Command.PREPARE.example());
    }
    return List.copyOf(arguments);
  }

  /** A run id; the name of its folder will do as well. */
  private static String runId(String word) {
    String id = word.toLowerCase(Locale.ROOT).replaceFirst("_s-?\\d+/?$", "");
    if (!id.matches("[0-9a-f]{8}")) {
      throw new UserError(
          word,
          "this is no run id",
          "A run id has eight characters of 0-9 and a-f; status shows them");
    }
    return id;
  }

  /** The one option that a command cannot do without. */
  static void checkGiven(Command command, Set<Option> given) {
    @Nullable Option needed =
        switch (command) {
          case PREPARE, EXPORT -> Option.TO;
          case IMPORT -> Option.FROM;
          default -> null;
        };
    if (needed != null && !given.contains(needed)) {
      throw new UserError(
          command.word(),
          needed.dashed() + " is missing",
          "Write for example " + command.example());
    }
  }
}
