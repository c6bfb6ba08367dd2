package dev.sweeprunner.options;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.options.Option.Takes;
import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  private final Set<String> known = new TreeSet<>();
  private final List<String> words = new ArrayList<>();
  private final List<String> sweeps = new ArrayList<>();
  private final List<String> forWorkers = new ArrayList<>();
  private final Map<Option, String> options = new EnumMap<>(Option.class);
  private final Map<String, String> properties = new HashMap<>();

  private CommandLine(Set<String> knownProperties) {
    for (String name : knownProperties) {
      known.add(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
    }
  }

  /**
   * Reads and checks one command line.
   *
   * @param knownProperties names of all properties, with or without their prefix
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
      String arg = args[i];
      if (arg.equals("-h")) {
        options.put(Option.HELP, "");
      } else if (!arg.startsWith("-") || arg.equals("-")) {
        words.add(arg);
      } else if (!arg.startsWith("--") || arg.equals("--")) {
        throw unknownOption(arg);
      } else if (option(arg, i + 1 < args.length ? args[i + 1] : null)) {
        i++;
        keep(arg, args[i]);
      } else {
        keep(arg);
      }
    }
  }

  /** Keeps an option as it was written, for workers that are to be started with it. */
  private void keep(String... option) {
    String name = option[0].replaceFirst("^--", "").replaceFirst("(?s)=.*", "");
    if (Option.of(name).map(Option::forWorkers).orElse(true)) {
      forWorkers.addAll(List.of(option));
    }
  }

  /** Takes one option; says whether it took the next word as its value. */
  private boolean option(String arg, @Nullable String next) {
    int equals = arg.indexOf('=');
    String name = arg.substring(2, equals < 0 ? arg.length() : equals);
    String value = equals < 0 ? null : arg.substring(equals + 1);
    Optional<Option> option = Option.of(name);
    String property = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    if (option.isEmpty() && !known.contains(property)) {
      throw unknownOption("--" + name);
    }
    Takes takes = option.map(Option::takes).orElse(Takes.VALUE);
    boolean takesNext = takes == Takes.VALUE && value == null;
    if (takes == Takes.NOTHING && value != null) {
      throw new UserError("--" + name, "it takes no value", "Write --" + name + " alone");
    }
    if (takesNext && (next == null || next.startsWith("--"))) {
      throw new UserError("--" + name, "its value is missing", "Write --" + name + " VALUE");
    }
    String given = takesNext ? next : value;
    if (option.isPresent()) {
      put(option.get(), given == null ? "" : given);
    } else {
      put(property, given == null ? "" : given);
    }
    return takesNext;
  }

  private void put(Option option, String value) {
    OptionValue.check(option, "--" + option.word(), value);
    if (option == Option.SWEEP) {
      sweeps.add(value);
    } else if (known.contains(option.property())) {
      properties.put(option.property(), value);
    }
    options.put(option, value);
  }

  private void put(String property, String value) {
    Option option = Option.setting(property).orElse(null);
    if (option != null) {
      OptionValue.check(option, "--" + property, value);
      options.put(option, value);
    }
    properties.put(property, value);
  }

  private Invocation invocation() {
    Command command = command();
    List<String> runIds = runIds(command);
    checkTogether(command);
    return new Invocation(command, sweeps, runIds, options, properties, forWorkers);
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
    if (command == Command.HELP || command == Command.VERSION) {
      return List.of();
    }
    List<String> arguments = words.isEmpty() ? List.of() : words.subList(1, words.size());
    boolean takesIds = command == Command.EXPLAIN || command == Command.RESET;
    if (!takesIds && !arguments.isEmpty()) {
      throw new UserError(
          arguments.get(0),
          command.word() + " takes no further words",
          arguments.get(0).endsWith(".yaml") ? "Write --sweep " + arguments.get(0) : SEE_HELP);
    }
    if (takesIds && arguments.isEmpty()) {
      throw new UserError(
          command.word(),
          "the run id is missing",
          "Write " + command.word() + " RUN_ID; status shows the ids");
    }
    if (command == Command.EXPLAIN && arguments.size() > 1) {
      throw new UserError(
          command.word(), "there are " + arguments.size() + " run ids", "Ask for one at a time");
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

  private void checkTogether(Command command) {
    boolean needsSweep =
        Set.of(Command.RUN, Command.STATUS, Command.PLAN, Command.SCALE).contains(command);
    if (needsSweep && sweeps.isEmpty()) {
      throw new UserError(
          command.word(),
          "no sweep file is given",
          "Write " + (command == Command.RUN ? "" : command.word() + " ") + "--sweep PATH.yaml");
    }
    if (command != Command.HELP && command != Command.VERSION) {
      checkPlace(command);
    }
    boolean table = options.getOrDefault(Option.FORMAT, "table").equals("table");
    if (options.containsKey(Option.WATCH) && !table) {
      throw new UserError(
          Option.WATCH.dashed(), "it redraws the table only", "Drop --format or --watch");
    }
    if (options.containsKey(Option.NO_WEB) && options.containsKey(Option.PORT)) {
      throw new UserError(Option.PORT.dashed(), "--no-web wants no port", "Drop one of them");
    }
  }

  /** Options that only some commands take. */
  private void checkPlace(Command command) {
    if (options.containsKey(Option.FORMAT) && command != Command.STATUS) {
      throw new UserError(
          Option.FORMAT.dashed(), "it belongs to status", "Add --status or drop it");
    }
    if (options.containsKey(Option.WATCH)
        && command != Command.STATUS
        && command != Command.SCALE) {
      throw new UserError(
          Option.WATCH.dashed(), "it belongs to status and scale", "Add --status or drop it");
    }
    if (options.containsKey(Option.SUBMIT) && command != Command.SCALE) {
      throw new UserError(Option.SUBMIT.dashed(), "it belongs to scale", "Write scale, or drop it");
    }
    for (Option option : List.of(Option.WORKER, Option.PORT)) {
      if (command == Command.SCALE && options.containsKey(option)) {
        throw new UserError(
            option.dashed(), "it cannot be the same for all tasks that scale submits", "Drop it");
      }
    }
  }

  private UserError unknownOption(String dashed) {
    List<String> all = new ArrayList<>();
    Stream.of(Option.values()).map(Option::word).forEach(all::add);
    all.addAll(known);
    String word = dashed.replaceFirst("^-+", "");
    return new UserError(
        dashed,
        "this option is unknown",
        Nearest.to(word.startsWith(PREFIX) ? word.substring(PREFIX.length()) : word, all)
            .map(nearest -> "Did you mean --" + nearest + "? " + SEE_HELP)
            .orElse(SEE_HELP));
  }

  private static UserError unknownCommand(String word) {
    String wayOut =
        word.matches(".*(\\.ya?ml|/.*)")
            ? "To run this sweep write --sweep " + word
            : Nearest.to(word, Stream.of(Command.values()).map(Command::word).toList())
                .map(nearest -> "Did you mean " + nearest + "? " + SEE_HELP)
                .orElse(SEE_HELP);
    return new UserError(word, "this command is unknown", wayOut);
  }
}
