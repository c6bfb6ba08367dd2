package dev.sweeprunner.run;

import org.jspecify.annotations.Nullable;

/** A run that cannot go on: its class decides what happens next. */
public final class TrainingFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureClass kind;
  private final boolean deviceLost;

  private TrainingFailure(
      FailureClass kind, String message, boolean deviceLost, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.deviceLost = deviceLost;
  }

  /** A failure with one sentence for people. */
  public TrainingFailure(FailureClass kind, String message) {
    this(kind, message, false, null);
  }

  /** A failure with its cause. */
  public TrainingFailure(FailureClass kind, String message, Throwable cause) {
    this(kind, message, false, cause);
  }

  /** The device that trains is lost to this process: the node's fault, and no run's. */
  public static TrainingFailure deviceLost(String message, Throwable cause) {
    return new TrainingFailure(FailureClass.INFRA, message, true, cause);
  }

  /** Whether this process can train nothing any more. */
  public boolean deviceLost() {
    return deviceLost;
  }

  /** Its class. */
  public FailureClass kind() {
    return kind;
  }
}
