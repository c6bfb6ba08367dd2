package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.RowText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A row as one line of JSON: {@code {"iter":k,"train/loss":…,"lr":…,"wall":{…}}}, or as its program
 * logged it, {@link LoggedLine}. Equal rows give equal bytes.
 */
final class RowLine {
  private static final String ITER = "iter";
  private static final String WALL = "wall";
  static final String STEP = "{\"iter\":";
  private static final String WALL_STARTS = ",\"wall\":{";
  private static final byte[] START = STEP.getBytes(UTF_8);
  private static final int CHUNK = 1 << 16;

  private RowLine() {}

  /**
   * The line with its newline.
   *
   * @throws IllegalArgumentException if a metric is named {@code iter} or {@code wall}
   */
  static byte[] encode(Row row) {
    var line = new StringBuilder(160).append(STEP).append(row.step());
    String logged = row.logged();
    if (logged != null) {
      LoggedLine.append(line, logged);
    } else if (!row.values().isEmpty()) {
      line.append(',').append(members(named(row.values())));
    }
    if (!row.wall().isEmpty()) {
      line.append(WALL_STARTS).append(members(row.wall())).append('}');
    }
    return line.append("}\n").toString().getBytes(UTF_8);
  }

  private static Map<String, Double> named(Map<String, Double> values) {
    for (var name : List.of(ITER, WALL)) {
      if (values.containsKey(name)) {
        throw new IllegalArgumentException("no metric may be named " + name);
      }
    }
    return values;
  }

  /** Members of a JSON object without its braces. */
  static String members(Map<String, Double> metrics) {
    return metrics.entrySet().stream()
        .map(metric -> Json.quoted(metric.getKey()) + ':' + Decimal.json(metric.getValue()))
        .collect(Collectors.joining(","));
  }

  /** Reads a line without its newline; empty if it is torn or no row. */
  static Optional<Row> decode(String line) {
    var logged = LoggedLine.of(line);
    if (logged.isPresent()) {
      return logged.get().row();
    }
    try {
      var row = Fields.of(line.getBytes(UTF_8));
      if (!(row.members().get(ITER) instanceof Long step)) {
        return Optional.empty();
      }
      var wall = row.objectOrNull(WALL);
      return Optional.of(new Row(step, metrics(row), wall == null ? Map.of() : metrics(wall)));
    } catch (UnreadableJson torn) {
      return Optional.empty();
    }
  }

  /** Reads a line without its newline as text; empty if it is no row. */
  static Optional<RowText> text(String line) {
    var logged = LoggedLine.of(line);
    return logged.isPresent() ? logged.get().text() : numbers(line);
  }

  private static Optional<RowText> numbers(String line) {
    int after = line.startsWith(STEP) ? STEP.length() : -1;
    while (after > 0 && after < line.length() && Character.isDigit(line.charAt(after))) {
      after++;
    }
    if (after <= STEP.length() || !line.endsWith("}")) {
      return Optional.empty();
    }
    // Within a name the quotes would be escaped.
    int wall = line.lastIndexOf(WALL_STARTS);
    int end = wall < 0 ? line.length() - 1 : wall;
    return Optional.of(
        new RowText(
            Long.parseLong(line, STEP.length(), after, 10),
            line.substring(Math.min(after + 1, end), end),
            wall < 0 ? "" : line.substring(wall + WALL_STARTS.length(), line.length() - 2)));
  }

  /**
   * Hands on the rows of a file, one after the other.
   *
   * @param reader reads a line, or says that it is no row
   */
  static void each(Path file, Function<String, Optional<RowText>> reader, Consumer<RowText> rows)
      throws IOException {
    try (var lines =
        new BufferedReader(new InputStreamReader(Files.newInputStream(file), UTF_8), CHUNK)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        reader.apply(line).ifPresent(rows);
      }
    }
  }

  /** The step of the line that starts at {@code start}, without reading its rest; -1 if none. */
  static long step(byte[] lines, int start) {
    int digits = start + START.length;
    if (digits > lines.length || !Arrays.equals(lines, start, digits, START, 0, START.length)) {
      return -1;
    }
    long step = 0;
    int i = digits;
    for (; i < lines.length && lines[i] >= '0' && lines[i] <= '9'; i++) {
      step = Math.addExact(Math.multiplyExact(step, 10L), lines[i] - '0');
    }
    return i == digits ? -1 : step;
  }

  /** Where the line after the one at {@code start} begins. */
  static int end(byte[] lines, int start) {
    int i = start;
    while (i < lines.length && lines[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  static Map<String, Double> metrics(Fields fields) {
    var metrics = new LinkedHashMap<String, Double>();
    for (var name : fields.members().keySet()) {
      var value = fields.decimalOrNull(name);
      if (value != null && !name.equals(ITER)) {
        metrics.put(name, value);
      }
    }
    return metrics;
  }
}
