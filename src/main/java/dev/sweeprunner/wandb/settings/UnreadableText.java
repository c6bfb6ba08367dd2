package dev.sweeprunner.wandb.settings;

/** A settings or netrc file that is not what it should be. The message never quotes the file. */
final class UnreadableText extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableText(String message) {
    super(message);
  }

  UnreadableText(int line, String message) {
    super("line " + line + " " + message);
  }
}
