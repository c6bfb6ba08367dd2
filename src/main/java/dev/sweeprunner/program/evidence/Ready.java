package dev.sweeprunner.program.evidence;

import dev.sweeprunner.problem.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a checkpoint that is there is whole.
 *
 * @param marker a file in it, or beside it where it is a file itself; empty for none
 * @param quiet how long it must not have changed; zero for no wait, as for what is renamed into
 *     place
 */
record Ready(String marker, Duration quiet) {
  /** Being there is enough: it comes by a rename. */
  static final Ready ATOMIC = new Ready("", Duration.ZERO);

  /** For a file that is written in place. */
  static final Ready SETTLED = new Ready("", Duration.ofSeconds(10));

  private static final Pattern TIME = Pattern.compile("(\\d{1,5})\\s*(s|m)");

  /** A file of this name marks a whole one. */
  static Ready marked(String name) {
    return new Ready(name, Duration.ZERO);
  }

  /**
   * A user's words: {@code atomic}, a time such as {@code 30s}, or the name of a marker, with
   * {@code {name}} for the checkpoint's own.
   *
   * @param where the option, for the error
   */
  static Ready of(String where, String text) {
    if (text.equals("atomic")) {
      return ATOMIC;
    }
    Matcher time = TIME.matcher(text);
    if (time.matches()) {
      long amount = Long.parseLong(time.group(1));
      return new Ready("", Duration.ofSeconds(time.group(2).equals("m") ? 60 * amount : amount));
    }
    if (text.startsWith("/") || text.contains("..")) {
      throw new UserError(
          where,
          text + " is no way to tell a whole checkpoint",
          "Write atomic, a time such as 30s, or the name of a file in it");
    }
    return marked(text);
  }

  /** Whether its marker is there, if it has one. */
  boolean marked(Path checkpoint) {
    if (marker.isEmpty()) {
      return true;
    }
    return Files.exists(markerOf(checkpoint));
  }

  private Path markerOf(Path checkpoint) {
    String name = marker.replace("{name}", String.valueOf(checkpoint.getFileName()));
    Path parent = checkpoint.getParent();
    return Files.isDirectory(checkpoint) || parent == null
        ? checkpoint.resolve(name)
        : parent.resolve(name);
  }
}
