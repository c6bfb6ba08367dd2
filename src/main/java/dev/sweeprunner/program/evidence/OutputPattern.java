package dev.sweeprunner.program.evidence;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Row;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression over a program's output lines: the group {@code step} is the step, {@code
 * total} the known end, each other named group a metric. Groups may be written {@code (?<name>…)}
 * or, as in Python, {@code (?P<name>…)}, with underscores and dots in their names.
 *
 * <p>Looks at the first 8 KiB of a line and gives up on a line on which the expression does not
 * come to an end. Belongs to one thread.
 */
public final class OutputPattern {
  private static final Pattern GROUP =
      Pattern.compile("(?<!\\\\)\\(\\?P?<([A-Za-z_][A-Za-z0-9_./]*)>");
  private static final int MOST_IN_LINE = 8 << 10;
  private static final int MOST_STEPS = 1_000_000;

  private final Pattern pattern;
  private final Map<String, String> groups;
  private final Rows rows;

  /**
   * The expression as a user wrote it.
   *
   * @param where the option, for the error
   * @param first the step of the first line that names none; such lines are counted
   * @throws UserError if it is no expression or names no group
   */
  public OutputPattern(String where, String expression, long first) {
    this.groups = new LinkedHashMap<>();
    this.pattern = compile(where, expression, groups);
    this.rows = new Rows(first);
  }

  /** Refuses what is no expression with at least one named group. */
  static void check(String where, String expression) {
    compile(where, expression, new LinkedHashMap<>());
  }

  /** The row of a line, if the line has one. */
  public Optional<Row> row(String line) {
    String start = line.length() > MOST_IN_LINE ? line.substring(0, MOST_IN_LINE) : line;
    Matcher matcher = pattern.matcher(new Bounded(start, new int[] {MOST_STEPS}));
    try {
      return matcher.find() ? Optional.ofNullable(rows.of(members(matcher))) : Optional.empty();
    } catch (Endless | StackOverflowError e) {
      return Optional.empty();
    }
  }

  /** The end that the newest line to name one named. */
  public OptionalLong total() {
    return rows.total();
  }

  private Map<String, Double> members(Matcher matcher) {
    Map<String, Double> members = new LinkedHashMap<>();
    groups.forEach(
        (group, name) -> {
          Double number = number(matcher.group(group));
          if (number != null) {
            members.put(name, number);
          }
        });
    return members;
  }

  private static @Nullable Double number(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String bare = text.strip().replace(",", "").replace("_", "").replace("%", "");
    try {
      return bare.matches("[-+0-9.eE]+") ? Double.valueOf(bare) : Rows.notFinite(bare);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Java's group names have neither underscores nor dots: each gets one of its own. */
  private static Pattern compile(String where, String expression, Map<String, String> groups) {
    StringBuilder written = new StringBuilder();
    Matcher group = GROUP.matcher(expression);
    while (group.find()) {
      String own = "g" + groups.size();
      groups.put(own, group.group(1));
      group.appendReplacement(written, Matcher.quoteReplacement("(?<" + own + ">"));
    }
    group.appendTail(written);
    if (groups.isEmpty()) {
      throw new UserError(
          where,
          "the expression " + expression + " names no group",
          "Name what is read, for example step (?<step>\\d+) loss (?<loss>\\S+)");
    }
    try {
      return Pattern.compile(written.toString());
    } catch (PatternSyntaxException e) {
      throw new UserError(
          where,
          expression + " is no regular expression: " + e.getDescription(),
          "Write one as java.util.regex.Pattern takes it");
    }
  }

  /** Text that can be looked at a number of times; an expression may take for ever on a line. */
  private record Bounded(CharSequence text, int[] left) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left[0] < 0) {
        throw new Endless();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  private static final class Endless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Endless() {
      super("the expression does not come to an end", null, false, false);
    }
  }
}
