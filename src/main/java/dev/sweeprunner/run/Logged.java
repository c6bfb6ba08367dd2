package dev.sweeprunner.run;

import dev.sweeprunner.json.MemberText;
import dev.sweeprunner.json.UnreadableJson;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * One line of a history as W&amp;B's client has it, its three reserved members taken out of the
 * text: the form in which programs log and in which the relay keeps it. Immutable.
 *
 * @param step its {@code _step}
 * @param runtime its {@code _runtime}, seconds
 * @param timestamp its {@code _timestamp}, seconds since 1970
 * @param members the others as they stood, without braces
 */
public record Logged(long step, double runtime, double timestamp, String members) {
  private static final String STEP = "_step";
  private static final String RUNTIME = "_runtime";
  private static final String TIMESTAMP = "_timestamp";
  private static final Set<String> RESERVED = Set.of(STEP, RUNTIME, TIMESTAMP);
  private static final String OURS = "{\"_step\":";
  private static final String RUNTIME_NEXT = ",\"_runtime\":";
  private static final String TIMESTAMP_NEXT = ",\"_timestamp\":";

  /**
   * Reads a line of any client.
   *
   * @param now what stands for a timestamp that the line lacks
   * @return empty if it is no JSON object, or names no step
   */
  public static Optional<Logged> of(String line, double now) {
    try {
      Map<String, String> reserved = new HashMap<>();
      StringJoiner others = new StringJoiner(",");
      for (MemberText member : MemberText.of(line)) {
        if (RESERVED.contains(member.name())) {
          reserved.put(member.name(), member.value()); // of two with one name the later one counts
        } else {
          others.add(member.text());
        }
      }
      long step = step(reserved.get(STEP));
      return step < 0
          ? Optional.empty()
          : Optional.of(
              new Logged(
                  step,
                  finite(reserved.get(RUNTIME), 0),
                  finite(reserved.get(TIMESTAMP), now),
                  others.toString()));
    } catch (UnreadableJson noRow) {
      return Optional.empty();
    }
  }

  private static long step(@Nullable String value) {
    double number = finite(value, -1);
    return number == Math.rint(number) && number < 1L << 53 ? (long) number : -1;
  }

  private static double finite(@Nullable String value, double otherwise) {
    try {
      double number = value == null ? otherwise : Double.parseDouble(value);
      return Double.isFinite(number) ? number : otherwise;
    } catch (NumberFormatException none) {
      return otherwise;
    }
  }

  /**
   * Reads a line that {@link #line} made, without looking into its members; else as {@link #of}.
   */
  public static Optional<Logged> ofOurs(String line) {
    if (!line.startsWith(OURS) || !line.endsWith("}")) {
      return of(line, 0);
    }
    int runtime = line.indexOf(RUNTIME_NEXT);
    int timestamp = line.indexOf(TIMESTAMP_NEXT);
    int comma = timestamp < 0 ? -1 : line.indexOf(',', timestamp + 1);
    int end = comma < 0 ? line.length() - 1 : comma;
    if (runtime < 0 || timestamp < runtime) {
      return of(line, 0);
    }
    try {
      return Optional.of(
          new Logged(
              Long.parseLong(line, OURS.length(), runtime, 10),
              Double.parseDouble(line.substring(runtime + RUNTIME_NEXT.length(), timestamp)),
              Double.parseDouble(line.substring(timestamp + TIMESTAMP_NEXT.length(), end)),
              line.substring(Math.min(end + 1, line.length() - 1), line.length() - 1)));
    } catch (NumberFormatException another) {
      return of(line, 0);
    }
  }

  /** As a line of a history, without a newline. */
  public String line() {
    StringBuilder line = new StringBuilder(members.length() + 90).append(OURS).append(step);
    line.append(RUNTIME_NEXT).append(decimal(runtime));
    line.append(TIMESTAMP_NEXT).append(decimal(timestamp));
    if (!members.isEmpty()) {
      line.append(',').append(members);
    }
    return line.append('}').toString();
  }

  /** The same under another step, some seconds later in the run's life. */
  public Logged at(long other, double later) {
    return other == step && later == 0
        ? this
        : new Logged(other, runtime + later, timestamp, members);
  }

  /** The same at another time. */
  public Logged when(double moment) {
    return moment == timestamp ? this : new Logged(step, runtime, moment, members);
  }

  /**
   * As a row of the journal.
   *
   * @throws UnreadableJson if the members are none
   */
  public Row row() throws UnreadableJson {
    return Row.logged(step, members, Map.of("timestamp", timestamp, "runtime", runtime));
  }

  /** A number of seconds as JSON has it, without an exponent. */
  public static String decimal(double value) {
    return new BigDecimal(Double.toString(value)).toPlainString();
  }
}
