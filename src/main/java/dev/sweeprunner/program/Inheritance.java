package dev.sweeprunner.program;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.evidence.EvidenceOptions;
import dev.sweeprunner.program.evidence.MetricsFile;
import dev.sweeprunner.program.evidence.OutputPattern;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The rows that a dead claim had logged and not published, up to the checkpoint from which its
 * heir's program goes on: the program will not log them again. They are read from the dead claims'
 * own files; what cannot be read is left out. Rows that came by the relay count instead of others.
 */
final class Inheritance {
  private static final String ROW_ZERO = "{\"iter\":0,";
  private static final String RUN_LOG_PATTERN = "program.metrics.pattern";

  private final Layout layout;
  private final RunKey key;
  private final EvidenceOptions options;
  private final TreeMap<Long, Row> rows = new TreeMap<>();

  private Inheritance(Layout layout, RunKey key, EvidenceOptions options) {
    this.layout = layout;
    this.key = key;
    this.options = options;
  }

  /**
   * The rows of these steps, in their order; of several claims the newer one's count.
   *
   * @param epoch the heir
   * @param base the first step
   * @param last the last one
   */
  static Collection<Row> rows(
      Layout layout, RunKey key, EvidenceOptions options, int epoch, long base, long last) {
    if (DeadRows.any(layout, key, epoch)) {
      return DeadRows.of(layout, key, epoch, base).upTo(last);
    }
    Inheritance inheritance = new Inheritance(layout, key, options);
    for (int dead = 1; dead < epoch; dead++) {
      if (Files.isDirectory(layout.meta(key, dead))) {
        inheritance.read(dead, base);
      }
    }
    return List.copyOf(inheritance.rows.subMap(base, true, last, true).values());
  }

  /** Whether the rows that are published begin with one of step 0. */
  static boolean fromZero(Layout layout, RunKey key, List<PublishedCheckpoint> published) {
    return published.stream()
        .filter(one -> one.from() == 0)
        .anyMatch(one -> beginsAtZero(layout.part(key, one.part())));
  }

  private static boolean beginsAtZero(Path part) {
    try (Stream<String> lines = Files.lines(part)) {
      return lines.findFirst().filter(first -> first.startsWith(ROW_ZERO)).isPresent();
    } catch (IOException | UncheckedIOException unreadable) {
      return false;
    }
  }

  private void read(int dead, long heir) {
    Consumer<String> nobody = note -> {};
    long base = base(layout.meta(key, dead).resolve("meta.json"), heir);
    Map<Long, Row> claim = new HashMap<>();
    try {
      take(new MetricsFile(layout.programMetrics(key, dead), base, nobody).rest(), claim);
      if (!options.metricsPattern().isEmpty()) {
        take(printed(layout.runLog(key, dead), base), claim);
      }
    } catch (IOException unreadable) {
      // left out
    }
    rows.putAll(claim);
  }

  /** Where that claim began: lines that name no step are counted from there. */
  private static long base(Path meta, long otherwise) {
    try {
      return Fields.of(Files.readAllBytes(meta)).number("base");
    } catch (IOException | UnreadableJson unknown) {
      return otherwise;
    }
  }

  private List<Row> printed(Path log, long base) throws IOException {
    OutputPattern pattern = new OutputPattern(RUN_LOG_PATTERN, options.metricsPattern(), base);
    try (Stream<String> lines = Files.lines(log)) {
      return lines.flatMap(line -> pattern.row(line).stream()).toList();
    } catch (UncheckedIOException odd) {
      throw odd.getCause();
    }
  }

  /** A program may log several times in one step. */
  private static void take(List<Row> read, Map<Long, Row> claim) {
    read.forEach(row -> claim.merge(row.step(), row, Row::and));
  }
}
