package dev.sweeprunner.run;

/** Why a run failed, as far as it decides what happens next. */
public enum FailureClass {
  /** Deterministic: the config itself; poisons at the second time. */
  CONFIG,
  /** A data file is damaged or holds what it must not. */
  DATA,
  /** Out of memory. */
  OOM,
  /** A loss that is not a number. */
  NUMERIC,
  /** The node: GPU, disk, network. */
  INFRA,
  /** Took longer than allowed. */
  TIMEOUT,
  /** A program that could not start, or died soon after it and without progress. */
  START,
  /** Anything else. */
  UNKNOWN
}
