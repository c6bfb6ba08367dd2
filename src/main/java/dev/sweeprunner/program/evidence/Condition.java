package dev.sweeprunner.program.evidence;

import dev.sweeprunner.problem.UserError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number that must be reached: {@code NAME >= NUMBER} or {@code NAME <= NUMBER}.
 *
 * @param name of the number
 * @param least whether the limit is the least that will do; else it is the most
 * @param limit the other side
 */
record Condition(String name, boolean least, double limit) {
  private static final Pattern FORM =
      Pattern.compile("\\s*(\\S.*?)\\s*(>=|<=)\\s*([-+]?[0-9][0-9_.]*(?:[eE][-+]?\\d+)?)\\s*");

  /**
   * A user's words for it.
   *
   * @param where the option, for the error
   * @param example what it may look like
   */
  static Condition of(String where, String text, String example) {
    Matcher form = FORM.matcher(text);
    try {
      if (form.matches()) {
        return new Condition(
            form.group(1),
            form.group(2).equals(">="),
            Double.parseDouble(form.group(3).replace("_", "")));
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new UserError(where, text + " is no condition", "Write one as in " + example);
  }

  boolean holds(double value) {
    return least ? value >= limit : value <= limit;
  }

  /** {@code >= 10}. */
  String bound() {
    String number =
        limit == Math.rint(limit) && Math.abs(limit) < 1e15
            ? Long.toString((long) limit)
            : Double.toString(limit);
    return (least ? ">= " : "<= ") + number;
  }
}
