package dev.sweeprunner.train.kernels;

/** A device that cannot do what was asked; its message is a sentence for people. */
public final class DeviceFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What failed. */
  public enum Kind {
    /** The device cannot hold this much, whoever else uses it. */
    TOO_SMALL,
    /** Others use too much of the device's memory at the moment. */
    FULL,
    /** The device or its driver is broken, lost or missing. */
    BROKEN
  }

  private final Kind kind;

  /** A failure of this kind. */
  public DeviceFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What failed. */
  public Kind kind() {
    return kind;
  }
}
