package dev.sweeprunner.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Finds the base TOML in {@code command}: what follows {@code --job.config-file}, else a word that
 * ends in {@code .toml}. The rest of it is not used.
 */
final class CommandReader {
  private static final Pattern OPTION =
      Pattern.compile("--job\\.config[-_]file(?:=(.*))?", Pattern.DOTALL);
  private static final Pattern OTHER_OPTION = Pattern.compile("(?s)-[^=\\s]*=(.*)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{envvar:([A-Z0-9_]*)}");
  private static final Pattern SHELL_OPTION = Pattern.compile("-[a-z]*c");
  private static final Pattern SHELL_WORD =
      Pattern.compile("(?:[^\\s\"';&|()]|\"[^\"]*\"|'[^']*')+");
  private static final Pattern PROGRAM =
      Pattern.compile("\\$\\{(?:interpreter|program)}|(?:.*/)?python[0-9.]*|.*\\.py");

  /** Files that belong to what starts the training program, whatever their place. */
  private static final Set<String> OF_OTHER_TOOLS =
      Set.of("pyproject.toml", "pixi.toml", "uv.toml");

  /**
   * What a command says.
   *
   * @param baseToml the base TOML, or null for the defaults
   * @param saysMore whether there is more in it than the option that names a TOML and that TOML
   * @param warnings one line where another word could have been meant
   */
  record Command(SweepFile.@Nullable Reference baseToml, boolean saysMore, List<String> warnings) {}

  private final YamlDocument document;
  private final Map<String, String> environment;
  private final List<SweepFile.Reference> words = new ArrayList<>();

  private CommandReader(YamlDocument document, Map<String, String> environment) {
    this.document = document;
    this.environment = environment;
  }

  /**
   * Reads it.
   *
   * @param environment what {@code ${envvar:X}} stands for; an unset one is its own name, as
   *     W&amp;B has it
   * @throws dev.sweeprunner.problem.UserError if {@code command} is no list of words
   */
  static Command read(TopLevel top, Map<String, String> environment) {
    YamlDocument document = top.document();
    YamlMap.Entry command = top.entries().get("command");
    if (command == null) {
      return new Command(null, false, List.of());
    }
    if (!(command.value() instanceof SequenceNode list)) {
      throw document.error(
          command.line(), "command is not a list", "Write one word per element, as W&B does");
    }
    CommandReader reader = new CommandReader(document, environment);
    list.getValue().forEach(reader::addWords);
    return reader.command(command.line());
  }

  private void addWords(Node element) {
    if (!(element instanceof ScalarNode scalar)) {
      throw document.error(element, "an element of command is no word", "Write plain words");
    }
    String text =
        VARIABLE
            .matcher(scalar.getValue())
            .replaceAll(v -> Matcher.quoteReplacement(variable(v.group(1))));
    List<String> parts =
        SHELL_WORD
            .matcher(text.replace("\\\n", " "))
            .results()
            .map(MatchResult::group)
            .map(part -> part.replaceAll("[\"']", ""))
            .toList();
    for (String word : isShellLine(text, parts) ? parts : List.of(text)) {
      words.add(new SweepFile.Reference(word, YamlDocument.line(element)));
    }
  }

  private String variable(String name) {
    return environment.getOrDefault(name, name);
  }

  /** A path may have blanks in it; a line of a shell has an option, a macro or a program too. */
  private boolean isShellLine(String text, List<String> parts) {
    if (parts.size() < 2 || OTHER_OPTION.matcher(text).matches()) {
      return false;
    }
    return (!words.isEmpty() && SHELL_OPTION.matcher(words.get(words.size() - 1).text()).matches())
        || parts.stream()
            .anyMatch(
                part ->
                    part.startsWith("--")
                        || part.startsWith("${")
                        || PROGRAM.matcher(part).matches());
  }

  private Command command(int line) {
    for (int i = 0; i < words.size(); i++) {
      Matcher option = OPTION.matcher(words.get(i).text());
      if (!option.matches()) {
        continue;
      }
      String value = option.group(1);
      if (value != null && !value.isEmpty()) {
        return new Command(at(i, value), words.size() > 1, List.of());
      }
      if (i + 1 == words.size()) {
        throw document.error(
            line, "--job.config-file is the last word of command", "Name a TOML after it");
      }
      return new Command(words.get(i + 1), words.size() > 2, List.of());
    }
    return guess();
  }

  /** Of several TOMLs the first behind the program, for those before it are what starts it. */
  private Command guess() {
    List<SweepFile.Reference> named = new ArrayList<>();
    SweepFile.@Nullable Reference base = null;
    boolean behind = false;
    for (int i = words.size() - 1; i >= 0; i--) {
      Matcher option = OTHER_OPTION.matcher(words.get(i).text());
      String text = option.matches() ? option.group(1) : words.get(i).text();
      behind |= base != null && PROGRAM.matcher(text).matches();
      if (text.endsWith(".toml")) {
        named.add(0, at(i, text));
        boolean other = OF_OTHER_TOOLS.contains(text.substring(text.lastIndexOf('/') + 1));
        base = other || behind ? base : named.get(0);
      }
    }
    boolean clear = named.isEmpty() || (named.size() == 1 && base != null);
    return new Command(
        base,
        words.size() > (base == null ? 0 : 1),
        clear ? List.of() : List.of(doubt(named, base)));
  }

  private String doubt(List<SweepFile.Reference> named, SweepFile.@Nullable Reference base) {
    return document.path()
        + ":"
        + named.get(0).line()
        + ": "
        + (base == null
            ? named.get(0).text() + " is taken for another tool's"
            : base.text() + " is taken as the base TOML")
        + "; --job.config-file PATH in command would settle it";
  }

  private SweepFile.Reference at(int index, String text) {
    return new SweepFile.Reference(text, words.get(index).line());
  }
}
