package dev.sweeprunner.options;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the words behind the program's name: {@code [COMMAND] [OPTIONS]}.
 *
 * <p>Options are {@code --x V} or {@code --x=V} and may stand anywhere; of an option given twice
 * the last counts, except {@code --sweep}, which adds up. Options of {@code run} are accepted by
 * every command, so that {@code --status} can be appended to the line that starts a worker.
 */
public final class CommandLine {
  private static final String PREFIX = "sweep-runner.";
  private static final String SEE_HELP = "See --help for all of them";

  private final Set<String> known;
  private final List<String> words = new ArrayList<>();
  private final List<Path> sweeps = new ArrayList<>();
  private final List<String> forWorkers = new ArrayList<>();
  private final Map<Option, String> options = new EnumMap<>(Option.class);
  private final Map<String, String> properties = new HashMap<>();

  private CommandLine(Set<String> knownProperties) {
    this.known = new TreeSet<>(knownProperties);
  }

  /**
   * Reads and checks one command line.
   *
   * @param knownProperties names of all properties, without their prefix
   * @throws UserError for anything that is unknown, misses its value or contradicts itself; names
   *     the nearest known word
   */
  public static Invocation parse(String[] args, Set<String> knownProperties) {
    CommandLine line = new CommandLine(knownProperties);
    line.read(args);
    return line.invocation();
  }

  private void read(String[] args) {
    for (int i = 0; i < args.length; i++) {
      String arg = Option.whole(args[i]);
      if (!arg.startsWith("-") || arg.equals("-")) {
        words.add(arg);
      } else if (!arg.startsWith("--") || arg.equals("--")) {
        throw unknownOption(arg, arg.replaceFirst("^-+", ""));
      } else if (option(arg, i + 1 < args.length ? args[i + 1] : null)) {
        i++;
      }
    }
  }

  /** Takes one option; says whether it took the next word as its value. */
  private boolean option(String arg, @Nullable String next) {
    int equals = arg.indexOf('=');
    String dashed = equals < 0 ? arg : arg.substring(0, equals);
    String name = dashed.substring(2);
    String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    Option option = Option.of(name).or(() -> Option.setting(bare)).orElse(null);
    if (!known(bare) && (option == null || !option.word().equals(name))) {
      throw unknownOption(dashed, bare);
    }
    if (option != null && option.isFlag() && equals >= 0) {
      throw new UserError(dashed, "it takes no value", "Write " + dashed + " alone");
    }
    boolean takesNext = equals < 0 && (option == null || option.takesNext());
    String value = takesNext ? next : arg.substring(equals < 0 ? arg.length() : equals + 1);
    if (value == null || (takesNext && value.startsWith("--"))) {
      throw new UserError(dashed, "its value is missing", "Write " + dashed + " VALUE");
    }
    if (option == null || option.forWorkers()) {
      forWorkers.addAll(takesNext ? List.of(arg, value) : List.of(arg));
    }
    put(option, bare, value);
    return takesNext;
  }

  private void put(@Nullable Option option, String name, String value) {
    if (option != null) {
      option.check("--" + name, value);
      options.put(option, value);
    }
    if (option == Option.SWEEP) {
      sweeps.add(Path.of(value));
    }
    String property = option == null ? name : option.property();
    if (known(property)) {
      properties.put(property, value);
    }
  }

  private boolean known(String property) {
    return known.contains(property) || Properties.isUsers(property);
  }

  private Invocation invocation() {
    Command command = command();
    boolean compares = command == Command.PLAN && words.size() > 2;
    if (compares) {
      takeTwoFiles();
    }
    List<String> runIds = command.tells() || compares ? List.of() : runIds(command);
    checkTogether(command, compares);
    return new Invocation(command, sweeps, runIds, options, properties, forWorkers, compares);
  }

  /** {@code plan OLD NEW}. */
  private void takeTwoFiles() {
    if (words.size() > 3 || !sweeps.isEmpty()) {
      throw new UserError(
          words.get(0),
          "it compares two sweep files, and more are given",
          "Write plan OLD.yaml NEW.yaml, or plan --sweep PATH.yaml");
    }
    words.subList(1, 3).forEach(word -> sweeps.add(Path.of(word)));
  }

  private Command command() {
    if (options.containsKey(Option.HELP)) {
      return Command.HELP;
    }
    if (options.containsKey(Option.VERSION)) {
      return Command.VERSION;
    }
    boolean status = options.containsKey(Option.STATUS);
    if (words.isEmpty()) {
      return status ? Command.STATUS : Command.RUN;
    }
    String word = words.get(0);
    Command command =
        Stream.of(Command.values())
            .filter(candidate -> candidate.word().equals(word))
            .findFirst()
            .orElseThrow(() -> unknownCommand(word));
    if (status && command != Command.STATUS && command != Command.RUN) {
      throw new UserError(word, "there are two commands, " + word + " and --status", "Drop one");
    }
    return status ? Command.STATUS : command;
  }

  private List<String> runIds(Command command) {
    List<String> arguments = words.isEmpty() ? List.of() : words.subList(1, words.size());
    String word = command.word();
    if (!command.takesRunIds() && !arguments.isEmpty()) {
      String first = arguments.get(0);
      throw new UserError(
          first,
          word + " takes no further words",
          first.endsWith(".yaml") ? "Write --sweep " + first : SEE_HELP);
    }
    if (command.takesRunIds() && arguments.isEmpty()) {
      throw new UserError(
          word, "the run id is missing", "Write " + word + " RUN_ID; status shows the ids");
    }
    if (command == Command.EXPLAIN && arguments.size() > 1) {
      throw new UserError(
          word, "there are " + arguments.size() + " run ids", "Ask for one at a time");
    }
    return arguments.stream().map(CommandLine::runId).toList();
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

  private void checkTogether(Command command, boolean compares) {
    if (command.needsSweep() && sweeps.isEmpty()) {
      throw new UserError(
          command.word(),
          "no sweep file is given",
          "Write " + (command == Command.RUN ? "" : command.word() + " ") + "--sweep PATH.yaml");
    }
    if (!command.tells()) {
      checkPlace(command);
    }
    if (options.containsKey(Option.WATCH)
        && !options.getOrDefault(Option.FORMAT, "table").equals("table")) {
      throw new UserError(
          Option.WATCH.dashed(), "it redraws the table only", "Drop --format or --watch");
    }
    String format = options.getOrDefault(Option.FORMAT, "table");
    boolean rows = command == Command.ROWS;
    boolean lines = format.equals("csv") || format.equals("jsonl");
    if (options.containsKey(Option.FORMAT) && (rows ? !lines : format.equals("jsonl"))) {
      throw new UserError(
          Option.FORMAT.dashed(),
          command.word() + " prints no " + format,
          rows ? "Write --format csv or --format jsonl" : "Write rows, or another format");
    }
    if (command == Command.PLAN
        && !format.equals(compares ? "json" : "table")
        && !format.equals("table")) {
      throw new UserError(
          Option.FORMAT.dashed(),
          "plan prints " + (compares ? "a table or json" : "no " + format),
          compares ? "Choose one of them" : "Drop it; plan OLD.yaml NEW.yaml knows json");
    }
    if (options.containsKey(Option.NO_WEB) && options.containsKey(Option.PORT)) {
      throw new UserError(Option.PORT.dashed(), "--no-web wants no port", "Drop one of them");
    }
  }

  /** Options that only some commands take. */
  private void checkPlace(Command command) {
    for (Option option : options.keySet()) {
      Set<Command> takers = option.commands();
      if (!takers.contains(command)) {
        throw new UserError(
            option.dashed(),
            "it belongs to " + String.join(" and ", takers.stream().map(Command::word).toList()),
            (takers.contains(Command.STATUS)
                    ? "Add --status or"
                    : "Write " + takers.iterator().next().word() + ", or")
                + " drop it");
      }
    }
    for (Option option : EnumSet.of(Option.WORKER, Option.PORT)) {
      if (command == Command.SCALE && options.containsKey(option)) {
        throw new UserError(
            option.dashed(), "it cannot be the same for all tasks that scale submits", "Drop it");
      }
    }
  }

  private UserError unknownOption(String dashed, String word) {
    List<String> all = new ArrayList<>(Stream.of(Option.values()).map(Option::word).toList());
    all.addAll(known);
    return new UserError(dashed, "this option is unknown", hint(word, "--", all));
  }

  private static UserError unknownCommand(String word) {
    return new UserError(
        word,
        "this command is unknown",
        word.matches(".*(\\.ya?ml|/.*)")
            ? "To run this sweep write --sweep " + word
            : hint(word, "", Stream.of(Command.values()).map(Command::word).toList()));
  }

  private static String hint(String word, String dashes, List<String> known) {
    return Nearest.to(word, known)
        .map(nearest -> "Did you mean " + dashes + nearest + "? " + SEE_HELP)
        .orElse(SEE_HELP);
  }
}
