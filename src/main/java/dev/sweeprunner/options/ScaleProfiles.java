package dev.sweeprunner.options;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.TaskProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the properties {@code scale.profiles.NAME.*}: the one group whose names the user chooses.
 */
final class ScaleProfiles {
  private static final String DEFAULT_SCRIPT = "slurm/run_sweep.sh";
  private static final List<String> MEMBERS =
      List.of("partition", "gpus", "limit", "workers", "flags", "script");

  /** A word: plain characters, and quoted ones in which blanks do not end it. */
  private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");

  private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

  private final Map<String, Map<String, Properties.Given>> profiles = new LinkedHashMap<>();

  private ScaleProfiles() {}

  /**
   * The profiles in the order of the file.
   *
   * @param given by the names below {@code scale.profiles}, in the order of the file
   * @throws UserError for a member that is unknown, missing or not what it should be
   */
  static List<TaskProfile> read(Map<String, Properties.Given> given) {
    ScaleProfiles all = new ScaleProfiles();
    given.forEach(all::sort);
    return all.profiles.entrySet().stream()
        .map(entry -> new Reader(entry.getKey(), entry.getValue()).profile())
        .toList();
  }

  private void sort(String key, Properties.Given given) {
    int dot = key.indexOf('.');
    String name = dot < 0 ? key : key.substring(0, dot);
    String member = dot < 0 ? "" : key.substring(dot + 1);
    if (dot < 0) {
      throw error(given.place(), key, "has no members", "Give it a limit at least: {limit: 8}");
    }
    if (!name.matches("[A-Za-z0-9_-]{1,40}")) {
      throw error(
          given.place(), name, "is no name for a profile", "Use letters, digits, - and _ only");
    }
    if (!MEMBERS.contains(member)) {
      throw error(
          given.place(),
          key,
          "is unknown",
          Nearest.to(member, MEMBERS)
              .map(nearest -> "Did you mean " + nearest + "?")
              .orElse("A profile has " + String.join(", ", MEMBERS)));
    }
    profiles.computeIfAbsent(name, unused -> new LinkedHashMap<>()).put(member, given);
  }

  private static UserError error(String place, String key, String what, String wayOut) {
    return new UserError(place, "sweep-runner.scale.profiles." + key + " " + what, wayOut);
  }

  /** Splits at blanks; between quotes of either kind every character stands for itself. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (Matcher word = WORD.matcher(text); word.find(); ) {
      words.add(
          QUOTED
              .matcher(word.group())
              .replaceAll(
                  quoted ->
                      Matcher.quoteReplacement(
                          quoted.group(1) != null ? quoted.group(1) : quoted.group(2))));
    }
    return words;
  }

  /** One profile. */
  private record Reader(String name, Map<String, Properties.Given> members) {
    TaskProfile profile() {
      return new TaskProfile(
          name,
          text("partition", "", "[^\\s]*", "the name of a partition"),
          gpus(),
          number("limit", null),
          number("workers", "1"),
          flags(),
          text("script", DEFAULT_SCRIPT, ".+", "the path of a script"));
    }

    private String gpus() {
      String gpus = text("gpus", "", "|[^\\s]+", "a number, or a type and a number as in a100:1");
      return gpus.equals("0") ? "" : gpus;
    }

    private int number(String member, @Nullable String usual) {
      return Integer.parseInt(
          text(member, usual, "[1-9][0-9]{0,8}", "a whole number of at least 1"));
    }

    private List<String> flags() {
      String text = text("flags", "", "|-.*", "words for sbatch, the first with a dash");
      if (text.replaceAll("'[^']*'|\"[^\"]*\"", "").matches("(?s).*['\"].*")) {
        throw bad("flags", text, "each quote its other one");
      }
      return words(text);
    }

    private String text(String member, @Nullable String usual, String form, String expected) {
      Properties.Given given = members.get(member);
      if (given == null && usual == null) {
        String place = members.values().iterator().next().place();
        throw error(place, name + "." + member, "is missing", "Give it " + expected);
      }
      String text = given == null ? usual : given.value().strip();
      if (text == null || !text.matches(form)) {
        throw bad(member, String.valueOf(text), expected);
      }
      return text;
    }

    private UserError bad(String member, String text, String expected) {
      Properties.Given given = members.get(member);
      return error(
          given == null ? "" : given.place(),
          name + "." + member,
          "is \"" + text + "\"",
          "Give it " + expected);
    }
  }
}
