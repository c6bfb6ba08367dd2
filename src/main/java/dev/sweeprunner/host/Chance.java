package dev.sweeprunner.host;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/** Words that nobody can foretell. */
public final class Chance {
  private static final int TOKEN_BYTES = 20;

  private Chance() {}

  /** Draws 40 lower-case hex digits each time; any thread. */
  public static Supplier<String> tokens() {
    SecureRandom random = new SecureRandom();
    return () -> {
      byte[] bytes = new byte[TOKEN_BYTES];
      random.nextBytes(bytes);
      return HexFormat.of().formatHex(bytes);
    };
  }
}
