package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Members;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.RowText;
import java.util.Map;
import java.util.Optional;

/**
 * A row as its program logged it, as one line of JSON: {@code {"iter":k,"logged":{…},"wall":{…}}},
 * the logged members to the byte.
 *
 * @param logged members of a JSON object without its braces
 * @param wall likewise; may be empty
 */
record LoggedLine(long step, String logged, String wall) {
  private static final String LOGGED = ",\"logged\":{";
  private static final int LONGEST = 18;
  private static final String WALL = ",\"wall\":{";

  /** Parts of a line without its newline; empty if it is torn or another kind of row. */
  static Optional<LoggedLine> of(String line) {
    int digits = RowLine.STEP.length();
    int start = line.startsWith(RowLine.STEP) ? digits : line.length();
    while (start < line.length() && Character.isDigit(line.charAt(start))) {
      start++;
    }
    // A metric of numbers alone that is named "logged" has a number where this has an object.
    if (start == digits || start - digits > LONGEST || !line.startsWith(LOGGED, start)) {
      return Optional.empty();
    }
    int open = start + LOGGED.length() - 1;
    int end = Members.end(line, open);
    String rest = end < 0 ? "" : line.substring(end);
    boolean walled = rest.startsWith(WALL) && rest.endsWith("}}");
    if (!walled && !rest.equals("}")) {
      return Optional.empty();
    }
    return Optional.of(
        new LoggedLine(
            Long.parseLong(line, digits, start, 10),
            line.substring(open + 1, end - 1),
            walled ? rest.substring(WALL.length(), rest.length() - 2) : ""));
  }

  /** What is logged as it stands in a line: between tokens a newline means as much as a blank. */
  static void append(StringBuilder line, String logged) {
    line.append(LOGGED).append(logged.replace('\n', ' ').replace('\r', ' ')).append('}');
  }

  /** The row; empty if a part of it is no JSON. */
  Optional<Row> row() {
    try {
      Map<String, Double> times = RowLine.metrics(Fields.of(("{" + wall + "}").getBytes(UTF_8)));
      return Optional.of(Row.logged(step, logged, times));
    } catch (UnreadableJson damaged) {
      return Optional.empty();
    }
  }

  /** The row as text, the numbers in it as its values. */
  Optional<RowText> text() {
    return row().map(row -> new RowText(step, RowLine.members(row.values()), wall, logged));
  }
}
