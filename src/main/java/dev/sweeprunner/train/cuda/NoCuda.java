package dev.sweeprunner.train.cuda;

import org.jspecify.annotations.Nullable;

/** Why there is no CUDA back end here; the message is sentences for people. */
public final class NoCuda extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean absent;

  NoCuda(String message) {
    this(message, null, false);
  }

  NoCuda(String message, Throwable cause) {
    this(message, cause, false);
  }

  private NoCuda(String message, @Nullable Throwable cause, boolean absent) {
    super(message, cause);
    this.absent = absent;
  }

  /** For a machine that has no driver, or a process that is shown no GPU. */
  static NoCuda absent(String message) {
    return new NoCuda(message, null, true);
  }

  /** Whether there simply is none; else there is something, and it cannot be used. */
  public boolean absent() {
    return absent;
  }
}
