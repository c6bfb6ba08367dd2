package dev.sweeprunner.program.launch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Python text read as far as its comments, its strings and its indentation tell; nothing of it is
 * run. Pure.
 */
final class PythonSource {
  private static final Pattern IMPORT_AS = Pattern.compile("\\bimport\\s+wandb\\s+as\\s+(\\w+)");
  private static final Pattern FROM_IMPORT =
      Pattern.compile("\\bfrom\\s+wandb\\s+import\\s+(\\([^)]*\\)|[^\\n;]*)");
  private static final Pattern RUN_NAME =
      Pattern.compile("(?<![\\w.])(project|entity|id)\\s*=(?!=)");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^[ \\t]*(?:import\\s+(?:[\\w.]+\\s*,\\s*)*wandb\\b|from\\s+wandb\\b)");
  private static final Pattern DETOUR =
      Pattern.compile(
          "(?<![\\w.])(?:mode\\s*=\\s*[\"'](?:offline|disabled)[\"']|base_url\\s*=(?!=)|host\\s*=(?!=))");
  private static final Pattern FUNCTION =
      Pattern.compile("\\b(agent|sweep)\\b(?:\\s+as\\s+(\\w+))?");

  private final String text;

  /** The text with blanks for comments, and for the insides of strings in {@link #code}. */
  private final StringBuilder statements;

  private final StringBuilder code;

  /**
   * A call of {@code wandb.agent} or {@code wandb.sweep}.
   *
   * @param line counted from 1
   * @param conditional whether it stands below an {@code if} other than that for {@code __main__}
   */
  record Call(int line, String name, boolean conditional) {}

  PythonSource(String text) {
    this.text = text;
    statements = new StringBuilder(text);
    code = new StringBuilder(text);
    blank();
  }

  /** Everything but comments. */
  String statements() {
    return statements.toString();
  }

  /** The calls of the client's sweep functions, under whatever name they were imported. */
  List<Call> sweepCalls() {
    List<Call> calls = new ArrayList<>();
    Matcher call = callPattern().matcher(code);
    while (call.find()) {
      int line = (int) code.chars().limit(call.start()).filter(c -> c == '\n').count();
      calls.add(new Call(line + 1, call.group().replaceAll("\\s", "") + ")", conditional(line)));
    }
    return calls;
  }

  /** Which of {@code project}, {@code entity} and {@code id} a call of wandb.init names itself. */
  Set<String> initNames() {
    Set<String> names = new LinkedHashSet<>();
    Matcher call =
        Pattern.compile("(?<![\\w.])" + modules() + "\\s*\\.\\s*init\\s*\\(").matcher(code);
    while (call.find()) {
      RUN_NAME.matcher(arguments(call.end())).results().forEach(name -> names.add(name.group(1)));
    }
    return names;
  }

  /** Whether the client is imported. */
  boolean importsWandb() {
    return IMPORT.matcher(code).find();
  }

  /** Arguments that lead the client past the server which its environment names. */
  List<Call> detours() {
    List<Call> found = new ArrayList<>();
    Matcher call =
        Pattern.compile(modules() + "\\s*\\.\\s*(?:init|Settings|login)\\s*\\(").matcher(code);
    while (call.find()) {
      int end = call.end() + wholeArguments(call.end());
      Matcher detour = DETOUR.matcher(statements).region(call.end(), end);
      if (detour.find()) {
        int line = (int) code.chars().limit(detour.start()).filter(c -> c == '\n').count();
        found.add(new Call(line + 1, detour.group(), false));
      }
    }
    return found;
  }

  /** How many letters there are before the parenthesis that ends these arguments. */
  private int wholeArguments(int start) {
    int depth = 1;
    int at = start;
    for (; at < code.length() && depth > 0; at++) {
      char c = code.charAt(at);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
    }
    return at - start;
  }

  /** What stands between the parenthesis before {@code start} and its own end, not deeper. */
  private String arguments(int start) {
    StringBuilder arguments = new StringBuilder();
    int depth = 1;
    for (int i = start; i < code.length() && depth > 0; i++) {
      char c = code.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (depth == 1) {
        arguments.append(c);
      }
    }
    return arguments.toString();
  }

  private String modules() {
    Set<String> modules = new LinkedHashSet<>(Set.of("wandb"));
    IMPORT_AS.matcher(code).results().forEach(found -> modules.add(found.group(1)));
    return "(?:" + String.join("|", modules) + ")";
  }

  private Pattern callPattern() {
    Set<String> functions = new LinkedHashSet<>();
    FROM_IMPORT
        .matcher(code)
        .results()
        .flatMap(names -> FUNCTION.matcher(names.group(1)).results())
        .forEach(name -> functions.add(name.group(2) == null ? name.group(1) : name.group(2)));
    String dotted = modules() + "\\s*\\.\\s*(?:agent|sweep)";
    String bare = functions.stream().map(name -> "|" + name).collect(Collectors.joining());
    return Pattern.compile("(?<![\\w.])(?<!def )(?:" + dotted + bare + ")\\s*\\(");
  }

  /** Whether a line with less indentation above it, one after the other, is a condition. */
  private boolean conditional(int line) {
    String[] lines = code.toString().split("\n", -1);
    int indent = indent(lines[line]);
    for (int above = line; above >= 0; above--) {
      String words = lines[above].strip();
      boolean around = indent(lines[above]) < indent || above == line;
      if (words.isEmpty() || !around) {
        continue;
      }
      indent = indent(lines[above]);
      if (words.matches("(?s)(?:if|elif|else)\\b.*")
          && !words.matches("if\\s*\\(?\\s*__name__.*")) {
        return true;
      }
    }
    return false;
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  private void blank() {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '#') {
        int end = end(text.indexOf('\n', i));
        cover(statements, i, end);
        cover(code, i, end);
        i = end;
      } else if (c == '\'' || c == '"') {
        int end = stringEnd(i, c);
        cover(code, i, end);
        i = end;
      } else {
        i++;
      }
    }
  }

  private int stringEnd(int start, char quote) {
    String three = String.valueOf(quote).repeat(3);
    boolean isLong = text.startsWith(three, start);
    int i = start + (isLong ? 3 : 1);
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\') {
        i += 2; // in a raw string too, a backslash keeps the quote after it inside
      } else if (isLong ? text.startsWith(three, i) : c == quote || c == '\n') {
        return i + (isLong ? 3 : 1);
      } else {
        i++;
      }
    }
    return text.length();
  }

  private int end(int index) {
    return index < 0 ? text.length() : index;
  }

  private static void cover(StringBuilder text, int from, int to) {
    for (int i = from; i < Math.min(to, text.length()); i++) {
      if (text.charAt(i) != '\n') {
        text.setCharAt(i, ' ');
      }
    }
  }
}
