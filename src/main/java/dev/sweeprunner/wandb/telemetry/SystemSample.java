package dev.sweeprunner.wandb.telemetry;

import com.sun.management.OperatingSystemMXBean;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.run.Clock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * This machine's load as a line of W&amp;B's system metrics, under the official client's names: CPU
 * and memory of the machine in percent, CPU in percent of one core and memory in MB of this
 * process. Any thread.
 */
final class SystemSample {
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final double PERCENT = 100;
  private static final double MB = 1024 * 1024;

  private final Clock clock;
  private final long began;
  private long last;
  private boolean sampled;

  SystemSample(Clock clock) {
    this.clock = clock;
    this.began = clock.nanos();
  }

  /** The next line, or empty while the newest one is young. */
  synchronized Optional<String> next() {
    long now = clock.nanos();
    if (sampled && now - last < EVERY.toNanos()) {
      return Optional.empty();
    }
    sampled = true;
    last = now;
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine)) {
      return Optional.empty();
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("_wandb", true);
    line.put("_timestamp", clock.now().toEpochMilli() / 1e3);
    line.put("_runtime", (now - began) / 1e9);
    put(line, "system.cpu", machine.getCpuLoad() * PERCENT);
    double free = (double) machine.getFreeMemorySize() / machine.getTotalMemorySize();
    put(line, "system.memory_percent", (1 - free) * PERCENT);
    put(
        line,
        "system.proc.cpu",
        machine.getProcessCpuLoad() * PERCENT * machine.getAvailableProcessors());
    Runtime jvm = Runtime.getRuntime();
    put(line, "system.proc.memory.heapMB", (jvm.totalMemory() - jvm.freeMemory()) / MB);
    return Optional.of(ValueJson.of(line));
  }

  private static void put(Map<String, Object> line, String name, double value) {
    if (value >= 0) {
      line.put(name, value);
    }
  }
}
