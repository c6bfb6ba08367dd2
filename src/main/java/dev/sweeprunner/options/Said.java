package dev.sweeprunner.options;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the words of one line say, each by itself: which are options and which are not, and whether
 * an option has a value that it can have. {@link CommandLine} goes on with it, and may add to it.
 */
final class Said {
  static final String SEE_HELP = "See --help for all of them";
  private static final String PREFIX = "sweep-runner.";

  private final Set<String> known;
  private final List<String> words = new ArrayList<>();
  private final List<Path> sweeps = new ArrayList<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, List<String>> forWorkers = new LinkedHashMap<>();
  private final Map<Option, String> options = new EnumMap<>(Option.class);
  private final Map<String, String> properties = new HashMap<>();

  private Said(Set<String> known) {
    this.known = new TreeSet<>(known);
  }

  /**
   * Reads the words.
   *
   * @param known names of all properties, without their prefix
   * @throws UserError for an option that is unknown, has no such value or has two
   */
  static Said read(String[] args, Set<String> known) {
    Said said = new Said(known);
    said.read(args);
    return said;
  }

  /** What is no option, in its order. */
  List<String> words() {
    return words;
  }

  /** The sweep files, in their order. */
  List<Path> sweeps() {
    return sweeps;
  }

  /** Every value by the name of its option or property, in the order of the line. */
  Map<String, String> values() {
    return values;
  }

  /** What a worker may need too, as it was written, by the same names. */
  Map<String, List<String>> forWorkers() {
    return forWorkers;
  }

  /** The options with their values. */
  Map<Option, String> options() {
    return options;
  }

  /** The properties, and the options that set one. */
  Map<String, String> properties() {
    return properties;
  }

  private void read(String[] args) {
    for (int i = 0; i < args.length; i++) {
      String next = i + 1 < args.length ? args[i + 1] : null;
      String arg = Option.whole(args[i], next);
      if (!arg.startsWith("-") || arg.equals("-")) {
        words.add(arg);
      } else if (!arg.startsWith("--") || arg.equals("--")) {
        throw unknownOption(arg, arg.replaceFirst("^-+", ""));
      } else if (option(arg, next)) {
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
    boolean another = takesNext && (option == null || !option.takesOptions());
    if (value == null || (another && value.startsWith("--"))) {
      throw new UserError(dashed, "its value is missing", "Write " + dashed + " VALUE");
    }
    put(option, bare, value);
    if (option == null || option.forWorkers()) {
      forWorkers.put(
          option == null ? bare : option.word(), takesNext ? List.of(arg, value) : List.of(arg));
    }
    return takesNext;
  }

  private void put(@Nullable Option option, String name, String value) {
    if (option != null) {
      option.check("--" + name, value);
      if (option.addsUp()) {
        options.merge(option, value, (before, newer) -> before + Invocation.AND + newer);
        values.put(option.word(), value);
        return;
      }
      options.put(option, value);
    }
    String before = values.put(option == null ? name : option.word(), value);
    if (option == Option.SWEEP) {
      sweeps.add(Path.of(value));
    } else if (before != null && !before.equals(value)) {
      throw new UserError(
          "--" + name,
          "it is given twice, as " + said(before) + " and as " + said(value),
          "Keep one of them; only --sweep may stand several times");
    }
    String property = option == null ? name : option.property();
    if (known(property)) {
      properties.put(property, value);
    }
  }

  private boolean known(String property) {
    return known.contains(property) || Properties.isUsers(property);
  }

  private UserError unknownOption(String dashed, String word) {
    List<String> all = new ArrayList<>(Stream.of(Option.values()).map(Option::word).toList());
    all.addAll(known);
    return new UserError(dashed, "this option is unknown", hint(word, "--", all));
  }

  private static String said(String value) {
    return value.isEmpty() ? "nothing" : value;
  }

  /** A word in a message. */
  static String shown(String word) {
    return word.isEmpty() ? "\"\"" : word;
  }

  /** The known word that was most likely meant. */
  static String hint(String word, String dashes, List<String> known) {
    return Nearest.to(word, known)
        .map(nearest -> "Did you mean " + dashes + nearest + "? " + SEE_HELP)
        .orElse(SEE_HELP);
  }
}
