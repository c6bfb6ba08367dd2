package dev.sweeprunner.run;

/** A run that cannot go on: its class decides what happens next. */
public final class TrainingFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureClass kind;

  /** A failure with one sentence for people. */
  public TrainingFailure(FailureClass kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** A failure with its cause. */
  public TrainingFailure(FailureClass kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Its class. */
  public FailureClass kind() {
    return kind;
  }
}
