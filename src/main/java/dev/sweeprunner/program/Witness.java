package dev.sweeprunner.program;

import dev.sweeprunner.program.evidence.CheckpointWatch;
import dev.sweeprunner.program.evidence.EvidenceOptions;
import dev.sweeprunner.program.evidence.Finished;
import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.evidence.MetricsFile;
import dev.sweeprunner.program.evidence.OutputPattern;
import dev.sweeprunner.program.evidence.RowMerger;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one start of a program has shown so far: rows, the end it aims at, checkpoints.
 *
 * <p>A row is given once a later step has come, since a program may log several times in one step.
 * Belongs to one thread.
 */
final class Witness {
  private static final String PATTERN = "program.metrics.pattern";

  private static final int MOST_RECENT = 10_000;

  private final long base;
  private final MetricsFile metrics;
  private final @Nullable MetricsFile ownFile;
  private final @Nullable OutputPattern pattern;
  private final RowMerger merger;
  private final CheckpointWatch checkpoints;
  private final Finished finished;
  private final List<Row> complete = new ArrayList<>();

  /**
   * By step, since the newest checkpoint: one of them may be that of the next checkpoint's step.
   */
  private final TreeMap<Long, Row> recent = new TreeMap<>();

  private OptionalLong total = OptionalLong.empty();
  private long newest;
  private boolean fromZero;
  private @Nullable Row last;
  private @Nullable Row heard;
  private final Optional<Found> there;

  /**
   * A witness of a start.
   *
   * @param base the iteration that the run goes on from; rows before it are there already
   * @param carried the row of that iteration, which its checkpoint has kept, or null
   */
  Witness(
      WitnessPorts around,
      EvidenceOptions options,
      long base,
      @Nullable Row carried,
      Consumer<String> notes) {
    this.base = base;
    this.metrics = new MetricsFile(around.folders().metrics(), base, notes);
    this.ownFile =
        options.metricsFile().isEmpty()
            ? null
            : new MetricsFile(
                around.folders().working().resolve(options.metricsFile()), base, notes);
    this.pattern =
        options.metricsPattern().isEmpty()
            ? null
            : new OutputPattern(PATTERN, options.metricsPattern(), base);
    this.merger = new RowMerger(base, notes);
    this.checkpoints =
        new CheckpointWatch(options, around.folders().places(), around.clock(), notes);
    this.finished = new Finished(options, around.folders().places(), around.goal());
    this.newest = base;
    this.fromZero = around.fromZero();
    if (carried != null) {
      take(carried);
    }
    this.there = checkpoints.begin();
  }

  /** The newest checkpoint that was there before the program started. */
  Optional<Found> there() {
    return there;
  }

  /** Takes rows that a dead claim has logged. */
  void inherit(Collection<Row> rows) {
    rows.forEach(this::take);
  }

  /** A line of the program's output. */
  void line(String text) {
    if (pattern != null) {
      pattern.row(text).ifPresent(this::take);
      total = pattern.total().isPresent() ? pattern.total() : total;
    }
  }

  /** Reads what the program has logged since the last look. */
  void look() throws IOException {
    metrics.read().forEach(this::take);
    if (ownFile != null) {
      ownFile.read().stream().filter(row -> row.step() >= base).forEach(this::take);
    }
    learnTotal();
  }

  /** As {@link #look}, once the program has ended. */
  void rest() throws IOException {
    metrics.rest().forEach(this::take);
    if (ownFile != null) {
      ownFile.rest().stream().filter(row -> row.step() >= base).forEach(this::take);
    }
    learnTotal();
  }

  private void learnTotal() {
    total = metrics.total().isPresent() ? metrics.total() : total;
    total = ownFile != null && ownFile.total().isPresent() ? ownFile.total() : total;
  }

  private void take(Row row) {
    fromZero |= row.step() == 0;
    newest = Math.max(newest, row.step());
    last = row;
    finish(merger.add(row));
  }

  private void finish(List<Row> rows) {
    complete.addAll(rows);
    rows.forEach(row -> recent.put(row.step(), row));
    if (recent.size() > MOST_RECENT) {
      recent.pollFirstEntry();
    }
  }

  /** The rows that have become complete since the last call. */
  List<Row> rows() {
    List<Row> rows = complete.stream().map(this::withTotal).toList();
    complete.clear();
    return rows;
  }

  /**
   * Takes rows that came by the relay, which count instead of all others: what the others tell of
   * the end stays.
   *
   * @return the rows, with the end
   */
  List<Row> hear(List<Row> rows) {
    complete.clear();
    recent.clear();
    if (!rows.isEmpty()) {
      heard = rows.get(rows.size() - 1);
    }
    return rows.stream().map(this::withTotal).toList();
  }

  /** A checkpoint of this step is taken: completes the row at hand where it is of one before. */
  void settle(long iter) {
    if (merger.open().filter(row -> row.step() < iter).isPresent()) {
      finish(merger.flush());
    }
    recent.headMap(iter, false).clear();
  }

  /**
   * The row of a checkpoint's step, which belongs to it: a part has the rows before, and who goes
   * on from the checkpoint may not log it again.
   */
  @Nullable Row carried(long iter) {
    Row done = recent.get(iter);
    Row row = done == null ? merger.open().filter(o -> o.step() == iter).orElse(null) : done;
    return row == null ? null : withTotal(row);
  }

  /** Completes every row: the program has ended. */
  void flush() {
    finish(merger.flush());
  }

  private Row withTotal(Row row) {
    if (total.isEmpty()) {
      return row;
    }
    Map<String, Double> wall = new LinkedHashMap<>(row.wall());
    wall.put(Row.TOTAL, (double) total.getAsLong());
    return new Row(row.step(), row.values(), Collections.unmodifiableMap(wall), row.logged());
  }

  /** The newest step that it has told. */
  long newest() {
    return newest;
  }

  /**
   * How many steps it has done: who counts from 0 has done one more than its newest, at its end.
   */
  long done() {
    return fromZero && total.orElse(0) == newest + 1 ? newest + 1 : newest;
  }

  /** The last step, as far as it has told. */
  OptionalLong total() {
    return total;
  }

  /** A checkpoint that has become whole since the last one. */
  Optional<Found> checkpoint() {
    return checkpoints.look();
  }

  /** As {@link #checkpoint}, once the program has ended. */
  Optional<Found> lastCheckpoint() {
    return checkpoints.last();
  }

  /** Whether there is a rule for its end. */
  boolean ruled() {
    return finished.ruled();
  }

  /** Why a program that exited with this code has not done its work, or empty. */
  Optional<String> lacks(int exit) {
    Row newest = last == null ? heard : heard == null ? last : both(last, heard);
    return finished.lacks(exit, newest, total);
  }

  /**
   * What it has told in two ways, as numbers: what it has logged counts before what else it says.
   */
  private static Row both(Row told, Row logged) {
    Map<String, Double> values = new LinkedHashMap<>(told.values());
    values.putAll(logged.values());
    return new Row(Math.max(told.step(), logged.step()), values, Map.of());
  }
}
