package dev.sweeprunner.train;

import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.data.Batch;
import dev.sweeprunner.train.data.RunData;
import dev.sweeprunner.train.kernels.CounterRandom;
import dev.sweeprunner.train.kernels.Dropouts.Draw;
import dev.sweeprunner.train.model.Gpt;

/**
 * Brings an iteration's rows to the model in slices of as many as it carries at once, and the next
 * slice while a device still computes on the one before. Belongs to one thread.
 */
final class BatchFeed {
  private final RunData data;
  private final Gpt gpt;
  private final long rowsPerIteration;
  private final int rowsAtOnce;
  private final int length;
  private final CounterRandom dropout;
  private Batch batch;
  private long preparedRow = -1;

  /**
   * @param seed of the dropout
   */
  BatchFeed(RunData data, Gpt gpt, long rowsPerIteration, int length, long seed) {
    this.data = data;
    this.gpt = gpt;
    this.rowsPerIteration = rowsPerIteration;
    this.rowsAtOnce = gpt.rowsAtOnce();
    this.length = length;
    this.dropout = CounterRandom.of(seed, "dropout");
    this.batch = new Batch(rows(0), length);
  }

  /** Slices per iteration. */
  int slices() {
    return Math.toIntExact((rowsPerIteration + rowsAtOnce - 1) / rowsAtOnce);
  }

  /** Rows of a slice. */
  int rows(int slice) {
    return (int) Math.min(rowsAtOnce, rowsPerIteration - (long) slice * rowsAtOnce);
  }

  /**
   * Sees to it that this slice is the next one that the model takes.
   *
   * @throws TrainingFailure if its data are damaged
   */
  void bring(long iter, int slice) {
    long row = firstRow(iter, slice);
    if (preparedRow >= 0 && preparedRow != row) {
      gpt.skip();
      preparedRow = -1;
    }
    if (preparedRow < 0) {
      put(row, rows(slice));
    }
    preparedRow = -1;
  }

  /** Prepares a slice that {@link #bring} will be asked for later; damaged data wait until then. */
  void prepare(long iter, int slice) {
    long row = firstRow(iter, slice);
    try {
      put(row, rows(slice));
      preparedRow = row;
    } catch (TrainingFailure later) {
      preparedRow = -1;
    }
  }

  private void put(long row, int rows) {
    if (batch.rows() != rows) {
      batch = new Batch(rows, length);
    }
    data.training(row, batch);
    Draw draw = new Draw(dropout.bits(row / rowsPerIteration, 0), row % rowsPerIteration * length);
    gpt.put(rows, batch.inputs(), batch.targets(), batch.compartments(), draw);
  }

  private long firstRow(long iter, int slice) {
    return iter * rowsPerIteration + (long) slice * rowsAtOnce;
  }
}
