package dev.sweeprunner.options;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the words behind the program's name, and those of a line in a shell: {@code [COMMAND]
 * [OPTIONS]}.
 *
 * <p>Options are {@code --x V} or {@code --x=V} and may stand anywhere. {@code --sweep} adds up;
 * another option or property that is given twice must say the same both times. Options of {@code
 * run} are accepted by every command, so that {@code --status} can be appended to the line that
 * starts a worker.
 */
public final class CommandLine {
  private final Said said;
  private final @Nullable Invocation session;
  private final List<String> words;
  private final List<Path> sweeps;
  private final Map<Option, String> options;

  private CommandLine(Said said, @Nullable Invocation session) {
    this.said = said;
    this.session = session;
    this.words = said.words();
    this.sweeps = said.sweeps();
    this.options = said.options();
  }

  /**
   * Reads and checks one command line.
   *
   * @param knownProperties names of all properties, without their prefix
   * @throws UserError for anything that is unknown, misses its value or contradicts itself; names
   *     the nearest known word
   */
  public static Invocation parse(String[] args, Set<String> knownProperties) {
    return parse(args, knownProperties, null);
  }

  /**
   * Reads and checks one line of a shell. What it does not say of sweeps and options is as the
   * session has it.
   *
   * @param session what the shell was started with, and of the sweeps that it is about by now; null
   *     for the command line
   * @throws UserError as above, and for a command that a shell cannot carry out
   */
  public static Invocation parse(
      String[] args, Set<String> knownProperties, @Nullable Invocation session) {
    return new CommandLine(Said.read(args, knownProperties), session).invocation();
  }

  private Invocation invocation() {
    Command command = command();
    boolean compares = command == Command.PLAN && words.size() > 2;
    if (compares || command == Command.SWEEP) {
      takeFiles(command);
    }
    List<String> operands =
        command.tells() || compares || command == Command.SWEEP
            ? List.of()
            : Operands.of(command, words);
    takeFromSession(command, compares);
    checkTogether(command, compares);
    return new Invocation(
        command,
        topic(command),
        sweeps,
        operands,
        options,
        said.properties(),
        said.forWorkers(),
        compares);
  }

  /** {@code plan OLD NEW}, {@code sweep PATH...}. */
  private void takeFiles(Command command) {
    if (command == Command.PLAN
        && (words.size() > 3 || !sweeps.isEmpty() || options.containsKey(Option.SWEEPS_FROM))) {
      throw new UserError(
          words.get(0),
          "it compares two sweep files, and more are given",
          "Write plan OLD.yaml NEW.yaml, or plan --sweep PATH.yaml");
    }
    if (!sweeps.isEmpty()) {
      throw new UserError(Option.SWEEP.dashed(), "sweep takes no options", "Write sweep PATH...");
    }
    for (String word : words.subList(1, words.size())) {
      if (word.isEmpty()) {
        throw new UserError(words.get(0), "a path is empty", "Write " + words.get(0) + " PATH");
      }
      sweeps.add(Path.of(word));
    }
  }

  /** What the line leaves unsaid. */
  private void takeFromSession(Command command, boolean compares) {
    if (session == null) {
      return;
    }
    boolean unsaid = sweeps.isEmpty() && !options.containsKey(Option.SWEEPS_FROM);
    if (unsaid && !compares && command != Command.SWEEP) {
      sweeps.addAll(session.sweeps());
    }
    session.options().forEach(options::putIfAbsent);
    session.properties().forEach(said.properties()::putIfAbsent);
    session.handedOn().forEach(said.forWorkers()::putIfAbsent);
  }

  private Command command() {
    Command named = words.isEmpty() ? null : named(words.get(0));
    if (options.containsKey(Option.HELP)) {
      return Command.HELP;
    }
    if (options.containsKey(Option.VERSION)) {
      return Command.VERSION;
    }
    boolean status = options.containsKey(Option.STATUS);
    if (status && named != null && named != Command.STATUS && named != Command.RUN) {
      String word = named.word();
      throw new UserError(word, "there are two commands, " + word + " and --status", "Drop one");
    }
    Command command = status ? Command.STATUS : named == null ? Command.RUN : named;
    checkPlace(command, named == null);
    return command;
  }

  private Command named(String word) {
    return Stream.of(Command.values())
        .filter(candidate -> candidate.word().equals(word))
        .findFirst()
        .orElseThrow(() -> unknownCommand(word));
  }

  /** Refuses what a shell cannot do, and what only a shell can. */
  private void checkPlace(Command command, boolean unnamed) {
    String word = command.word();
    if (session == null && command.onlyInShell()) {
      throw new UserError(
          word,
          "only a shell knows this command",
          command == Command.SWEEP
              ? "Write --sweep PATH.yaml, or start a shell with sweep-runner shell"
              : "Start a shell with sweep-runner shell");
    } else if (session != null && command == Command.SHELL) {
      throw new UserError(word, "this is a shell already", "Write exit to leave it");
    } else if (session != null && unnamed && command == Command.RUN) {
      throw new UserError(
          "", "the line names no command, and a shell runs no worker", "Write help to see them");
    } else if (session != null && command == Command.RUN) {
      throw new UserError(
          word,
          "a shell runs no worker",
          "Leave it with exit, or go to another terminal, and write sweep-runner run --sweep "
              + (session.sweeps().isEmpty() ? "PATH.yaml" : session.sweeps().get(0)));
    }
  }

  /** The command that help is asked for; words that nobody reads are refused. */
  private Optional<Command> topic(Command command) {
    if (options.containsKey(Option.HELP)) {
      Command status = options.containsKey(Option.STATUS) ? Command.STATUS : null;
      return Optional.ofNullable(words.isEmpty() ? status : named(words.get(0)));
    } else if (!command.tells() || options.containsKey(Option.VERSION)) {
      return Optional.empty();
    }
    boolean help = command == Command.HELP;
    int most = help ? 2 : 1;
    if (words.size() > most) {
      throw new UserError(
          Said.shown(words.get(most)),
          command.word() + " takes " + (help ? "one command" : "no further words"),
          "Drop it");
    }
    return words.size() < 2 ? Optional.empty() : Optional.of(named(words.get(1)));
  }

  private void checkTogether(Command command, boolean compares) {
    if (command.needsSweep() && sweeps.isEmpty() && !options.containsKey(Option.SWEEPS_FROM)) {
      throw new UserError(
          command.word(),
          "no sweep file is given",
          "Write "
              + (command == Command.RUN ? "" : command.word() + " ")
              + "--sweep PATH.yaml"
              + (session == null ? "" : ", or choose one with sweep PATH.yaml"));
    }
    if (command.onlyInShell()) {
      checkAlone(command);
    } else if (!command.tells()) {
      checkTakers(command);
    }
    Operands.checkGiven(command, options.keySet());
    checkFormat(command, compares);
    if (options.containsKey(Option.ONCE) && options.containsKey(Option.WATCH)) {
      throw new UserError(
          Option.ONCE.dashed(), "--watch looks again and again", "Drop one of them");
    }
    if (options.containsKey(Option.CWD_PER_RUN)
        && said.properties().getOrDefault("program.cwd-per-run", "true").equals("false")) {
      throw new UserError(
          Option.CWD_PER_RUN.dashed(), "--program.cwd-per-run false says no", "Drop one of them");
    }
    if (options.containsKey(Option.NO_WEB) && options.containsKey(Option.PORT)) {
      throw new UserError(Option.PORT.dashed(), "--no-web wants no port", "Drop one of them");
    }
  }

  private void checkFormat(Command command, boolean compares) {
    if (options.containsKey(Option.WATCH)
        && !options.getOrDefault(Option.FORMAT, "table").equals("table")) {
      throw new UserError(
          Option.WATCH.dashed(), "it redraws the table only", "Drop --format or --watch");
    }
    String format = options.getOrDefault(Option.FORMAT, "table");
    boolean rows = command == Command.ROWS;
    boolean known =
        switch (format) {
          case "jsonl" -> rows;
          case "csv" -> true;
          case "md" -> command == Command.RESULTS;
          default -> !rows;
        };
    if (options.containsKey(Option.FORMAT) && !known) {
      String other = format.equals("md") ? "results" : "rows";
      throw new UserError(
          Option.FORMAT.dashed(),
          command.word() + " prints no " + format,
          rows ? "Write --format csv or --format jsonl" : "Write " + other + ", or another format");
    }
    if (command == Command.SCALE && format.equals("csv")) {
      throw new UserError(
          Option.FORMAT.dashed(), "scale prints no csv", "Write --format json, or drop it");
    }
    if (command == Command.PLAN
        && !format.equals(compares ? "json" : "table")
        && !format.equals("table")) {
      throw new UserError(
          Option.FORMAT.dashed(),
          "plan prints " + (compares ? "a table or json" : "no " + format),
          compares ? "Choose one of them" : "Drop it; plan OLD.yaml NEW.yaml knows json");
    }
  }

  private void checkAlone(Command command) {
    for (String option : said.values().keySet()) {
      throw new UserError(
          "--" + option,
          command.word() + " takes no options",
          command == Command.SWEEP
              ? "Give it to a command, or to sweep-runner shell for all of them"
              : "Drop it");
    }
  }

  /** Options that only some commands take. */
  private void checkTakers(Command command) {
    for (Option option : options.keySet()) {
      Set<Command> takers = option.commands();
      if (!takers.contains(command)) {
        throw new UserError(
            option.dashed(),
            "it belongs to " + String.join(" and ", takers.stream().map(Command::word).toList()),
            (command == Command.RUN && takers.contains(Command.STATUS)
                    ? "Add --status or"
                    : "Write " + takers.iterator().next().word() + ", or")
                + " drop it");
      }
    }
    for (Option option : EnumSet.of(Option.WORKER, Option.PORT)) {
      if (command == Command.SCALE && options.containsKey(option)) {
        throw new UserError(
            option.dashed(),
            "it cannot be the same for all tasks that scale submits",
            said.values().containsKey(option.word()) ? "Drop it" : "Start a shell without it");
      }
    }
  }

  private UserError unknownCommand(String word) {
    List<String> here =
        Stream.of(Command.values())
            .filter(command -> session == null ? !command.onlyInShell() : !command.onlyOnLine())
            .map(Command::word)
            .toList();
    return new UserError(
        Said.shown(word),
        "this command is unknown",
        word.matches(".*(\\.ya?ml|/.*)")
            ? session == null
                ? "To run this sweep write --sweep " + word
                : "To choose this sweep write sweep " + word
            : Said.hint(word, "", here));
  }
}
