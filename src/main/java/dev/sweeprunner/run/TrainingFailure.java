package dev.sweeprunner.run;

import org.jspecify.annotations.Nullable;

/** A run that cannot go on: its class decides what happens next. */
public final class TrainingFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureClass kind;
  private final Fault fault;

  private TrainingFailure(
      FailureClass kind, String message, Fault fault, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.fault = fault;
  }

  /** A failure with one sentence for people. */
  public TrainingFailure(FailureClass kind, String message) {
    this(kind, message, Fault.ITS_OWN, null);
  }

  /** A failure with its cause. */
  public TrainingFailure(FailureClass kind, String message, Throwable cause) {
    this(kind, message, Fault.ITS_OWN, cause);
  }

  /** The device that trains is lost to this process: the node's fault, and no run's. */
  public static TrainingFailure deviceLost(String message, Throwable cause) {
    return new TrainingFailure(FailureClass.INFRA, message, Fault.DEVICE_LOST, cause);
  }

  /** A disk is full: no run's fault, however often it happens. */
  public static TrainingFailure diskFull(String message) {
    return new TrainingFailure(FailureClass.INFRA, message, Fault.DISK_FULL, null);
  }

  /** What the run has published is damaged: the next attempt goes back before the damage. */
  public static TrainingFailure damaged(String message) {
    return new TrainingFailure(FailureClass.DATA, message, Fault.DAMAGE, null);
  }

  /** What lies behind it. */
  public Fault fault() {
    return fault;
  }

  /** Its class. */
  public FailureClass kind() {
    return kind;
  }

  /** What lies behind a failure, where its class does not say enough. */
  public enum Fault {
    /** What its class says. */
    ITS_OWN,
    /** This process can train nothing any more. */
    DEVICE_LOST,
    /** A disk is full. */
    DISK_FULL,
    /** Its published results are damaged. */
    DAMAGE
  }
}
