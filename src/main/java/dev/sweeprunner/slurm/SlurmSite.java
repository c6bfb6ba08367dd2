package dev.sweeprunner.slurm;

import dev.sweeprunner.process.Command.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Slurm around this process.
 *
 * @param controller identity of its controller: name, host and port. Two Slurms may share a disk
 *     and count their jobs alike, so a job id means something only together with it
 * @param killWait between SIGTERM and SIGKILL
 */
record SlurmSite(String controller, Duration killWait) {
  private static final Duration USUAL_KILL_WAIT = Duration.ofSeconds(30);

  /** Asks {@code scontrol show config}; empty where it does not answer. */
  static Optional<SlurmSite> ask(SlurmCommands slurmCommands, Duration limit) {
    Outcome outcome = slurmCommands.run(limit, List.of("scontrol", "show", "config"));
    return outcome instanceof Outcome.Ended ended && ended.exit() == 0
        ? read(ended.out())
        : Optional.empty();
  }

  /** Reads the lines {@code Name = value}. */
  static Optional<SlurmSite> read(String text) {
    Map<String, String> values = new HashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    String name = values.get("ClusterName");
    String host = values.getOrDefault("SlurmctldHost[0]", values.get("ControlMachine"));
    if (name == null || host == null) {
      return Optional.empty();
    }
    String port = values.getOrDefault("SlurmctldPort", "");
    return Optional.of(
        new SlurmSite(
            name + "@" + host + ":" + port, killWait(values.getOrDefault("KillWait", ""))));
  }

  private static Duration killWait(String text) {
    String digits = text.replaceFirst("\\D.*", "");
    return digits.isEmpty() || digits.length() > 6
        ? USUAL_KILL_WAIT
        : Duration.ofSeconds(Long.parseLong(digits));
  }
}
