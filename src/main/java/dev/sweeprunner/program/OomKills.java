package dev.sweeprunner.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many processes of this machine the kernel has ended for want of memory, those in memory-limited
 * groups included: {@code oom_kill} of {@code /proc/vmstat}.
 */
final class OomKills {
  private static final String NAME = "oom_kill ";

  private final Path vmstat;

  OomKills(Path vmstat) {
    this.vmstat = vmstat;
  }

  /** The number so far; 0 where the kernel does not say. */
  long count() {
    try (var lines = Files.lines(vmstat)) {
      return lines
          .filter(line -> line.startsWith(NAME))
          .mapToLong(line -> Long.parseLong(line.substring(NAME.length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException | RuntimeException unknown) {
      return 0;
    }
  }
}
