package dev.sweeprunner.run.work;

/** This node cannot work; the worker leaves, and no run is to blame. */
public class SickNode extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One sentence with the way out. */
  public SickNode(String message) {
    super(message);
  }

  /** The message, with its full stop. */
  public String sentence() {
    String message = String.valueOf(getMessage());
    return message.endsWith(".") ? message : message + ".";
  }
}
