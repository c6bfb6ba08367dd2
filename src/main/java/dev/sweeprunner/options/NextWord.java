package dev.sweeprunner.options;

import dev.sweeprunner.options.Invocation.Command;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What may stand next in a line of a shell, by the tables that {@link CommandLine} reads it with.
 *
 * @param words the words that may, whole
 * @param wanted what else may, of which the grammar does not know the words
 */
public record NextWord(List<String> words, Set<Wanted> wanted) {
  private static final NextWord NONE = new NextWord(List.of(), Set.of());
  private static final Set<Option> PATHS =
      Set.of(
          Option.SWEEPS_FROM,
          Option.STORAGE,
          Option.CWD,
          Option.PROFILES,
          Option.EXPORT,
          Option.TOKEN_FILE,
          Option.TO,
          Option.FROM,
          Option.MOMENTS);

  /** What the words of a sweep or of a folder are offered for. */
  public enum Wanted {
    /** Any file or folder. */
    PATH,
    /** A sweep file, or a folder on the way to one. */
    SWEEP,
    /** The id of a run. */
    RUN,
    /** The id of a run that {@code reset} frees. */
    FREEABLE_RUN,
    /** A key that points are ordered or grouped by. */
    KEY,
    /** A swept key and one of its values. */
    PAIR
  }

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
          .map(option -> choices(option, begun.substring(0, equals + 1)))
          .orElse(NONE);
    } else if (last.equals("-s") || last.equals("-f")) {
      boolean first = last.equals("-s");
      return both(
          value(first ? Option.STATE : Option.FORMAT), value(first ? Option.SWEEP : Option.FILTER));
    } else if (open.isPresent()) {
      return value(open.get());
    } else if (last.startsWith("--") && properties.contains(last.substring(2))) {
      return NONE;
    }
    Optional<Command> command = command(before);
    if (begun.startsWith("-")) {
      return words(options(command, begun, properties));
    }
    return command.map(NextWord::argument).orElseGet(() -> words(commands()));
  }

  /** The same and what the other says. */
  private static NextWord both(NextWord one, NextWord other) {
    Set<Wanted> wanted = EnumSet.noneOf(Wanted.class);
    wanted.addAll(one.wanted);
    wanted.addAll(other.wanted);
    return new NextWord(Stream.concat(one.words.stream(), other.words.stream()).toList(), wanted);
  }

  private static NextWord value(Option option) {
    Set<Wanted> wanted =
        switch (option) {
          case SWEEP -> Set.of(Wanted.SWEEP);
          case SORT, GROUP, OVER -> Set.of(Wanted.KEY);
          case FILTER -> Set.of(Wanted.PAIR);
          default -> PATHS.contains(option) ? Set.of(Wanted.PATH) : Set.of();
        };
    return new NextWord(option.choices(), wanted);
  }

  private static NextWord choices(Option option, String prefix) {
    return words(option.choices().stream().map(choice -> prefix + choice).toList());
  }

  private static NextWord argument(Command command) {
    return switch (command) {
      case HELP -> words(commands());
      case PLAN, SWEEP -> new NextWord(List.of(), Set.of(Wanted.SWEEP));
      case RESET -> new NextWord(List.of(), Set.of(Wanted.FREEABLE_RUN));
      case PREPARE -> new NextWord(List.of(), Set.of(Wanted.PATH));
      default -> command.takesRunIds() ? new NextWord(List.of(), Set.of(Wanted.RUN)) : NONE;
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
    return new NextWord(List.copyOf(words), Set.of());
  }
}
