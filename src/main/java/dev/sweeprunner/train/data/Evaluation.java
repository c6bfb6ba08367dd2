package dev.sweeprunner.train.data;

/**
 * One mean loss that an evaluation reports: {@code eval_iters} batches of a kind. Belongs to one
 * thread.
 */
public final class Evaluation {
  private final String metric;
  private final boolean decides;
  private final RowSource rows;
  private final boolean[] counted;

  /** Counts the targets at positions of a row that are {@code counted}. */
  Evaluation(String metric, boolean decides, RowSource rows, boolean[] counted) {
    this.metric = metric;
    this.decides = decides;
    this.rows = rows;
    this.counted = counted;
  }

  /** The metric's name. */
  public String metric() {
    return metric;
  }

  /** Whether this is the loss whose best value a checkpoint remembers. */
  public boolean decides() {
    return decides;
  }

  /**
   * Fills batch {@code index}, 0…eval_iters-1, of the evaluation at iteration {@code iter}.
   *
   * @throws dev.sweeprunner.run.TrainingFailure if a token is outside the vocabulary
   */
  public void fill(long iter, int index, Batch batch) {
    rows.fill(iter, (long) index * batch.rows(), batch);
    batch.keepTargets(counted);
  }
}
