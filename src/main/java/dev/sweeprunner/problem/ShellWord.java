package dev.sweeprunner.problem;

import java.util.regex.Pattern;

/** One word of a way out that a person pastes into a shell. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWord() {}

  /** The word as a POSIX shell reads it: quoted only where it must be. */
  public static String of(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
