package dev.sweeprunner.relay.rows;

import dev.sweeprunner.json.MemberText;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Row;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a history, its three reserved members taken out of the text. Immutable.
 *
 * @param step its {@code _step}
 * @param runtime its {@code _runtime}, seconds
 * @param timestamp its {@code _timestamp}, seconds since 1970
 * @param members the others as they stood, without braces
 */
record Logged(long step, double runtime, double timestamp, String members) {
  private static final String STEP = "_step";
  private static final String RUNTIME = "_runtime";
  private static final String TIMESTAMP = "_timestamp";
  private static final String OURS = "{\"_step\":";
  private static final String RUNTIME_NEXT = ",\"_runtime\":";
  private static final String TIMESTAMP_NEXT = ",\"_timestamp\":";

  /**
   * Reads a line of any client.
   *
   * @param now what stands for a timestamp that the line lacks
   * @return empty if it is no JSON object, or names no step
   */
  static Optional<Logged> of(String line, double now) {
    try {
      Reserved reserved = new Reserved(now);
      MemberText.of(line).forEach(reserved::take);
      return reserved.logged();
    } catch (UnreadableJson noRow) {
      return Optional.empty();
    }
  }

  /**
   * Reads a line that {@link #line} made, without looking into its members; else as {@link #of}.
   */
  static Optional<Logged> ofOurs(String line) {
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
  String line() {
    StringBuilder line = new StringBuilder(members.length() + 90).append(OURS).append(step);
    line.append(RUNTIME_NEXT).append(decimal(runtime));
    line.append(TIMESTAMP_NEXT).append(decimal(timestamp));
    if (!members.isEmpty()) {
      line.append(',').append(members);
    }
    return line.append('}').toString();
  }

  /** The same under another step, some seconds later in the run's life. */
  Logged at(long other, double later) {
    return other == step && later == 0
        ? this
        : new Logged(other, runtime + later, timestamp, members);
  }

  /** The same at another time. */
  Logged when(double moment) {
    return moment == timestamp ? this : new Logged(step, runtime, moment, members);
  }

  /**
   * As a row of the journal.
   *
   * @throws UnreadableJson if the members are none
   */
  Row row() throws UnreadableJson {
    return Row.logged(step, members, Map.of("timestamp", timestamp, "runtime", runtime));
  }

  /** A number of seconds as JSON has it, without an exponent. */
  static String decimal(double value) {
    return new BigDecimal(Double.toString(value)).toPlainString();
  }

  /** Takes a line's members apart; of two with one name the later one counts. */
  private static final class Reserved {
    private final StringBuilder others = new StringBuilder();
    private double timestamp;
    private double runtime;
    private long step = -1;

    Reserved(double now) {
      this.timestamp = now;
    }

    void take(MemberText member) {
      switch (member.name()) {
        case STEP -> step = step(member.value());
        case RUNTIME -> runtime = finite(member.value(), runtime);
        case TIMESTAMP -> timestamp = finite(member.value(), timestamp);
        default -> others.append(others.isEmpty() ? "" : ",").append(member.text());
      }
    }

    Optional<Logged> logged() {
      return step < 0
          ? Optional.empty()
          : Optional.of(new Logged(step, runtime, timestamp, others.toString()));
    }

    private static long step(String value) {
      double number = finite(value, -1);
      return number == Math.rint(number) && number < 1L << 53 ? (long) number : -1;
    }

    private static double finite(String value, double otherwise) {
      try {
        double number = Double.parseDouble(value);
        return Double.isFinite(number) ? number : otherwise;
      } catch (NumberFormatException none) {
        return otherwise;
      }
    }
  }
}
