package dev.sweeprunner.json;

/** Content that is not the JSON that was expected: cut short, damaged, or without a member. */
public final class UnreadableJson extends Exception {
  private static final long serialVersionUID = 1L;

  /** The message says what is wrong, without the place. */
  public UnreadableJson(String message) {
    super(message);
  }
}
