package dev.sweeprunner.testkit;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What was printed. */
public final class Captured {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  /** Where to print. */
  public PrintStream out() {
    return out;
  }

  /** All of it. */
  public String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** All of it, by lines. */
  public List<String> lines() {
    return text().lines().toList();
  }
}
