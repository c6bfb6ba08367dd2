package dev.sweeprunner.host;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What is told of this machine where a run is described. */
public final class Machine {
  private static final String SLURM = "SLURM_";

  private Machine() {}

  /** By W&amp;B's names of {@code wandb-metadata.json}, and the variables of a Slurm job. */
  public static Map<String, Object> of(Environment environment) {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put(
        "os", environment.property("os.name", "?") + " " + environment.property("os.version", "?"));
    machine.put("java", environment.property("java.runtime.version", "?"));
    machine.put("username", environment.property("user.name", "?"));
    machine.put("cpu_count_logical", Runtime.getRuntime().availableProcessors());
    Map<String, String> job = new TreeMap<>();
    environment
        .variables()
        .forEach(
            (name, value) -> {
              if (name.startsWith(SLURM)) {
                job.put(name.substring(SLURM.length()).toLowerCase(Locale.ROOT), value);
              }
            });
    if (!job.isEmpty()) {
      machine.put("slurm", job);
    }
    return machine;
  }
}
