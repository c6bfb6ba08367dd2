package dev.sweeprunner.testkit.wandb;

/** A request that the server understands and declines. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  Refusal(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status of the answer. */
  int status() {
    return status;
  }

  /** The sentence of the answer. */
  String text() {
    return String.valueOf(getMessage());
  }
}
