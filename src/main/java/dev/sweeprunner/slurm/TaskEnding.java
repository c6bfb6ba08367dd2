package dev.sweeprunner.slurm;

import dev.sweeprunner.process.Command.Outcome;
import dev.sweeprunner.run.BatchTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a task has ended, in words: asked of {@code scontrol show job}, or as squeue told it where
 * Slurm has forgotten it since.
 */
final class TaskEnding {
  /** A value may hold blanks, as a path does; the next name ends it. */
  private static final Pattern MEMBER =
      Pattern.compile("(?:^|\\s)(\\w+)=(.*?)(?=\\s+[\\w/:&.\\-]+=|\\s*$)");

  private final SlurmCommands slurmCommands;
  private final Duration timeout;

  TaskEnding(SlurmCommands slurmCommands, Duration timeout) {
    this.slurmCommands = slurmCommands;
    this.timeout = timeout;
  }

  /** For example {@code FAILED, exit code 1, output in /home/ann/slurm-9_1.out}. */
  String words(BatchTask task) {
    Outcome shown = slurmCommands.run(timeout, List.of("scontrol", "-o", "show", "job", task.id()));
    Map<String, String> job =
        shown instanceof Outcome.Ended ended && ended.exit() == 0
            ? members(ended.out().lines().findFirst().orElse(""))
            : Map.of();
    String output = job.getOrDefault("StdOut", "");
    return job.getOrDefault("JobState", task.state())
        + because(job.getOrDefault("Reason", task.reason()))
        + code(job.getOrDefault("ExitCode", task.exit()))
        + (output.isEmpty() ? "" : ", output in " + output);
  }

  private static String because(String reason) {
    return reason.isEmpty() || reason.equals("None") || reason.equals("NonZeroExitCode")
        ? ""
        : " (" + reason.replace('_', ' ') + ")";
  }

  private static String code(String exit) {
    Matcher both = Pattern.compile("(\\d+):(\\d+)").matcher(exit);
    if (!both.matches()) {
      return "";
    }
    boolean killed = !both.group(2).equals("0");
    return killed ? ", signal " + both.group(2) : ", exit code " + both.group(1);
  }

  private static Map<String, String> members(String line) {
    Map<String, String> members = new HashMap<>();
    for (Matcher member = MEMBER.matcher(line); member.find(); ) {
      members.putIfAbsent(member.group(1), member.group(2));
    }
    return members;
  }
}
