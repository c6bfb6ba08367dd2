package dev.sweeprunner.train.kernels;

/** How finely an activation's numbers are kept. */
public enum Precision {
  /** In float32: the residual stream, statistics. */
  FULL,
  /** In the format that the back end's matrix products read: float32, or bfloat16. */
  PRODUCT
}
