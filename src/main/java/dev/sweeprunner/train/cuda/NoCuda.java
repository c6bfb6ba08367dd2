package dev.sweeprunner.train.cuda;

/** Why there is no CUDA back end here; the message is sentences for people. */
public final class NoCuda extends Exception {
  private static final long serialVersionUID = 1L;

  NoCuda(String message) {
    super(message);
  }

  NoCuda(String message, Throwable cause) {
    super(message, cause);
  }
}
