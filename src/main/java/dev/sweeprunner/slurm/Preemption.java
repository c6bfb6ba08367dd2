package dev.sweeprunner.slurm;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the site means by a preemption: a place taken for a while, or the end of the task.
 *
 * <p>Slurm says it of the quality of service where that decides on preemption, else of the
 * partition, else of the whole cluster.
 */
final class Preemption {
  private static final Pattern MODE = setting("PreemptMode");
  private static final Pattern TYPE = setting("PreemptType");

  private final SlurmCommands slurmCommands;
  private final Duration timeout;

  /**
   * Not asked yet.
   *
   * @param timeout of one question
   */
  Preemption(SlurmCommands slurmCommands, Duration timeout) {
    this.slurmCommands = slurmCommands;
    this.timeout = timeout;
  }

  /**
   * Whether Slurm says that it cancels this job where it preempts it.
   *
   * @param job as {@code scontrol show job} has it
   */
  boolean cancels(Map<String, String> job) {
    String config = answer("scontrol", "show", "config");
    String mode = value(MODE, config);
    String own =
        value(TYPE, config).endsWith("/qos")
            ? answer(
                    "sacctmgr",
                    "-nP",
                    "show",
                    "qos",
                    job.getOrDefault("QOS", ""),
                    "format=PreemptMode")
                .strip()
            : value(
                MODE,
                answer("scontrol", "-o", "show", "partition", job.getOrDefault("Partition", "")));
    boolean said = !own.isEmpty() && !own.equalsIgnoreCase("cluster");
    return (said ? own : mode).toUpperCase(Locale.ROOT).contains("CANCEL");
  }

  /** What a program prints; nothing where it gives no answer. */
  private String answer(String... words) {
    return SlurmCommands.said(slurmCommands.run(timeout, List.of(words))).orElse("");
  }

  private static String value(Pattern setting, String text) {
    Matcher matcher = setting.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static Pattern setting(String name) {
    return Pattern.compile("(?m)(?:^|\\s)" + name + "\\s*=\\s*(\\S+)");
  }
}
