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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

  private final List<MetricsFile> files = new ArrayList<>();
  private final @Nullable OutputPattern pattern;
  private final RowMerger merger;
  private final CheckpointWatch checkpoints;
  private final Finished finished;
  private final List<Row> complete = new ArrayList<>();
  private OptionalLong total = OptionalLong.empty();
  private long newest;
  private @Nullable Row last;

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
    this.files.add(new MetricsFile(around.folders().metrics(), base, notes));
    if (!options.metricsFile().isEmpty()) {
      files.add(
          new MetricsFile(around.folders().working().resolve(options.metricsFile()), base, notes));
    }
    this.pattern =
        options.metricsPattern().isEmpty()
            ? null
            : new OutputPattern(PATTERN, options.metricsPattern(), base);
    this.merger = new RowMerger(base, notes);
    this.checkpoints =
        new CheckpointWatch(options, around.folders().places(), around.clock(), notes);
    this.finished = new Finished(options, around.folders().places(), around.goal());
    this.newest = base;
    if (carried != null) {
      take(carried);
    }
    checkpoints.begin();
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
    for (MetricsFile file : files) {
      file.read().forEach(this::take);
      total = file.total().isPresent() ? file.total() : total;
    }
  }

  /** As {@link #look}, once the program has ended. */
  void rest() throws IOException {
    for (MetricsFile file : files) {
      file.rest().forEach(this::take);
      total = file.total().isPresent() ? file.total() : total;
    }
  }

  private void take(Row row) {
    newest = Math.max(newest, row.step());
    last = row;
    complete.addAll(merger.add(row));
  }

  /** The rows that have become complete since the last call. */
  List<Row> rows() {
    List<Row> rows = complete.stream().map(this::withTotal).toList();
    complete.clear();
    return rows;
  }

  /** Completes the row at hand where it is of a step before this one. */
  void settle(long iter) {
    if (merger.open().filter(row -> row.step() < iter).isPresent()) {
      complete.addAll(merger.flush());
    }
  }

  /** The row of this step where it may still grow, and so belongs to the checkpoint of it. */
  @Nullable Row carried(long iter) {
    return merger.open().filter(row -> row.step() == iter).map(this::withTotal).orElse(null);
  }

  /** Completes every row: the program has ended. */
  void flush() {
    complete.addAll(merger.flush());
  }

  private Row withTotal(Row row) {
    return total.isEmpty()
        ? row
        : new Row(row.step(), row.values(), java.util.Map.of(Row.TOTAL, (double) total.getAsLong()));
  }

  /** The newest step that it has told. */
  long newest() {
    return newest;
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
    return finished.lacks(exit, last, total);
  }
}
