package dev.sweeprunner.options;

import dev.sweeprunner.options.Properties.Given;
import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.TaskProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads kinds of tasks, {@code NAME.*}: the properties below {@code scale.profiles}, or what a file
 * or options say of them alone.
 */
final class ScaleProfiles {
  /** A word: plain characters, and quoted ones in which blanks do not end it. */
  private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");

  /** A profile's name is part of a job's. */
  static final int LONGEST_NAME = 40;

  private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

  private final String heading;

  private ScaleProfiles(String heading) {
    this.heading = heading;
  }

  /**
   * The profiles in the order of the file.
   *
   * @param given by the names below {@code scale.profiles}, in the order of the file
   * @throws UserError for a member that is unknown, missing or not what it should be
   */
  static List<TaskProfile> read(Map<String, Given> given) {
    return read("sweep-runner.scale.profiles.", given);
  }

  /**
   * As above.
   *
   * @param heading what stands before the names where they were given
   */
  static List<TaskProfile> read(String heading, Map<String, Given> given) {
    return new ScaleProfiles(heading).profiles(given);
  }

  private List<TaskProfile> profiles(Map<String, Given> given) {
    Map<String, Map<String, Given>> profiles = new LinkedHashMap<>();
    given.forEach(
        (key, value) -> {
          String[] parts = key.split("\\.", 2);
          check(key, parts, value.place());
          profiles.computeIfAbsent(parts[0], name -> new LinkedHashMap<>()).put(parts[1], value);
        });
    return profiles.entrySet().stream()
        .map(entry -> new Profile(entry.getKey(), entry.getValue()).read())
        .toList();
  }

  private void check(String key, String[] parts, String place) {
    if (parts.length < 2) {
      throw error(place, key, "has no members", "Give it a limit at least: {limit: 8}");
    }
    if (!parts[0].matches("[A-Za-z0-9_-]{1," + LONGEST_NAME + "}")) {
      throw error(place, parts[0], "is no name for a profile", "Use letters, digits, - and _ only");
    }
    List<String> members = Stream.of(Member.values()).map(Member::word).toList();
    if (!members.contains(parts[1])) {
      throw error(
          place,
          key,
          "is unknown",
          Nearest.to(parts[1], members)
              .map(nearest -> "Did you mean " + nearest + "?")
              .orElse("A profile has " + String.join(", ", members)));
    }
  }

  private UserError error(String place, String key, String what, String wayOut) {
    return new UserError(place, heading + key + " " + what, wayOut);
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

  /** What a profile may say: its default, its form, and what to write. */
  private enum Member {
    PARTITION("", "[^\\s]*", "the name of a partition"),
    GPUS("", "|[^\\s]+", "a number, or a type and a number as in a100:1"),
    LIMIT(null, "[1-9][0-9]{0,8}", "a whole number of at least 1"),
    WORKERS("1", "[1-9][0-9]{0,8}", "a whole number of at least 1"),
    FLAGS("", "|-.*", "words for sbatch, the first with a dash"),
    SCRIPT("slurm/run_sweep.sh", ".+", "the path of a script");

    private final @Nullable String usual;
    private final String form;
    private final String expected;

    Member(@Nullable String usual, String form, String expected) {
      this.usual = usual;
      this.form = form;
      this.expected = expected;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One profile as it was given, by its members. */
  private final class Profile {
    private final String name;
    private final Map<String, Given> members;

    Profile(String name, Map<String, Given> members) {
      this.name = name;
      this.members = members;
    }

    TaskProfile read() {
      String gpus = text(Member.GPUS);
      return new TaskProfile(
          name,
          text(Member.PARTITION),
          gpus.equals("0") ? "" : gpus,
          Integer.parseInt(text(Member.LIMIT)),
          Integer.parseInt(text(Member.WORKERS)),
          flags(),
          text(Member.SCRIPT));
    }

    private List<String> flags() {
      String text = text(Member.FLAGS);
      if (text.replaceAll("'[^']*'|\"[^\"]*\"", "").matches("(?s).*['\"].*")) {
        throw bad(Member.FLAGS, "is \"" + text + "\"", "each quote its other one");
      }
      return words(text);
    }

    private String text(Member member) {
      Given given = members.get(member.word());
      String text = given == null ? member.usual : given.value().strip();
      if (text == null || !text.matches(member.form)) {
        throw bad(member, text == null ? "is missing" : "is \"" + text + "\"", member.expected);
      }
      return text;
    }

    private UserError bad(Member member, String what, String expected) {
      Given any = members.values().iterator().next();
      String place = members.getOrDefault(member.word(), any).place();
      return error(place, name + "." + member.word(), what, "Give it " + expected);
    }
  }
}
