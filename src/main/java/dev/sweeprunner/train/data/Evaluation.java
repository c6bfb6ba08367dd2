package dev.sweeprunner.train.data;

/**
 * One mean loss that an evaluation reports: {@code eval_iters} batches of a kind. Belongs to one
 * thread.
 */
public final class Evaluation {
  private final String metric;
  private final boolean decides;
  private final RowSource rows;
  private final int firstTarget;

  Evaluation(String metric, boolean decides, RowSource rows, int firstTarget) {
    this.metric = metric;
    this.decides = decides;
    this.rows = rows;
    this.firstTarget = firstTarget;
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
    batch.ignoreTargetsBefore(firstTarget);
  }
}
