package dev.sweeprunner.program.launch;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.python.PythonJson;
import dev.sweeprunner.python.PythonText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The command's macros as the official agent fills them in: {@code ${envvar:NAME}} anywhere, the
 * others where they are a whole word; a word in {@code ${...}} that is no macro vanishes. Pure.
 */
final class Macros {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{envvar:([A-Z0-9_]*)\\}");

  private final Map<String, List<String>> words = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  Macros(LaunchOrder order, Path jsonFile) {
    words.put("env", List.of("/usr/bin/env"));
    words.put("interpreter", List.of(order.call().interpreter()));
    String program = order.call().program();
    if (program != null) {
      words.put("program", List.of(program));
    }
    arguments(order.parameters());
    words.put("args_json", List.of(PythonJson.dumps(order.parameters())));
    words.put("args_json_file", List.of(jsonFile.toString()));
    // The agent's own table has its JSON object in it, which joins a list as its names.
    words.put("args_dict", List.copyOf(order.parameters().keySet()));
  }

  /** What the user should know of the words that were expanded. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * The words with their macros filled in.
   *
   * @param environment what {@code ${envvar:NAME}} names; a variable that is not set leaves its
   *     bare name
   * @throws UserError if the program is asked for and there is none, or no word is left
   */
  List<String> expand(List<String> command, Map<String, String> environment) {
    List<String> argv = new ArrayList<>();
    for (String raw : command) {
      String word =
          VARIABLE
              .matcher(raw)
              .replaceAll(
                  found ->
                      Matcher.quoteReplacement(
                          environment.getOrDefault(found.group(1), found.group(1))));
      if (word.startsWith("${") && word.endsWith("}")) {
        argv.addAll(macro(word));
      } else {
        lookInside(word);
        argv.add(word);
      }
    }
    if (argv.isEmpty()) {
      throw new UserError(
          "command", "Nothing is left of it once its macros are filled in", "Name a program");
    }
    return argv;
  }

  private List<String> macro(String word) {
    List<String> replacement = words.get(word.substring(2, word.length() - 1));
    if (replacement != null) {
      return replacement;
    }
    if (word.equals("${program}")) {
      throw new UserError(
          "command",
          "${program} stands in it, but the sweep file names no program",
          "Write program: into the sweep file, or the program itself into the command");
    }
    notes.add(word + " in the command is no macro: as by wandb agent, the word is left out.");
    return List.of();
  }

  private void lookInside(String word) {
    for (String name : words.keySet()) {
      if (word.contains("${" + name + "}")) {
        notes.add(
            "${"
                + name
                + "} is part of a longer word of the command: as by wandb agent, it is"
                + " passed on as it stands there.");
      }
    }
  }

  private void arguments(Map<String, @Nullable Object> parameters) {
    List<String> equals = list("args");
    List<String> pairs = list("args_no_equals");
    List<String> bare = list("args_no_hyphens");
    List<String> flags = list("args_no_boolean_flags");
    List<String> append = list("args_append_hydra");
    List<String> override = list("args_override_hydra");
    parameters.forEach(
        (name, value) -> {
          String text = PythonText.str(value);
          String assignment = name + "=" + text;
          equals.add("--" + assignment);
          pairs.add("--" + name);
          pairs.add(text);
          bare.add(assignment);
          append.add("+" + assignment);
          override.add("++" + assignment);
          if (!(value instanceof Boolean)) {
            flags.add("--" + assignment);
          } else if (value.equals(true)) {
            flags.add("--" + name);
          }
        });
  }

  private List<String> list(String macro) {
    return words.computeIfAbsent(macro, name -> new ArrayList<>());
  }
}
