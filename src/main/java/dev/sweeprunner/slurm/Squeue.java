package dev.sweeprunner.slurm;

import dev.sweeprunner.process.Command.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@code squeue} and reads its answer, strictly: columns of fixed width, which all versions
 * print alike, below a heading. An answer that is cut, empty or otherwise odd is no answer.
 *
 * <p>Stateless; any thread.
 */
final class Squeue {
  /** Number of columns before the last one, which alone may be cut. */
  private static final List<String> FIELDS =
      List.of(
          "ArrayJobID:24",
          "ArrayTaskID:24",
          "JobID:24",
          "State:24",
          "RestartCnt:16",
          "TimeLeft:24",
          "TimeUsed:24",
          "Reason:96",
          "Partition:64",
          "Name:128");

  private static final List<Integer> WIDTHS =
      FIELDS.stream()
          .map(field -> Integer.valueOf(field.substring(field.indexOf(':') + 1)))
          .toList();

  private static final String HEADING = "ARRAY_JOB_ID";

  private final SlurmCommands slurmCommands;

  Squeue(SlurmCommands slurmCommands) {
    this.slurmCommands = slurmCommands;
  }

  /** All jobs of a user, ended ones that Slurm still remembers included. */
  Answer ofUser(String user, Duration limit) {
    return ask(limit, List.of("--user=" + user));
  }

  /** One job or array task; an empty answer means that Slurm does not know it. */
  Answer ofJob(String id, Duration limit) {
    // Twice: with a single id, squeue calls one that it does not know an error.
    return ask(limit, List.of("--jobs=" + id + "," + id));
  }

  private Answer ask(Duration limit, List<String> which) {
    List<String> words = new ArrayList<>(List.of("squeue", "--array", "--states=all"));
    words.addAll(which);
    words.add("--Format=" + String.join(",", FIELDS));
    Outcome outcome = slurmCommands.run(limit, words);
    return outcome instanceof Outcome.Ended ended && ended.exit() == 0 && ended.dropped() == 0
        ? read(ended.out())
        : new Answer.Unknown(SlurmCommands.why("squeue", outcome));
  }

  /** Reads a whole answer. */
  static Answer read(String text) {
    if (!text.startsWith(HEADING) || !text.endsWith("\n")) {
      return new Answer.Unknown("squeue's answer is cut or empty");
    }
    List<JobRow> rows = new ArrayList<>();
    for (String line : text.lines().skip(1).toList()) {
      JobRow row = row(line);
      if (row == null) {
        return new Answer.Unknown("squeue's answer cannot be read: " + line.strip());
      }
      rows.add(row);
    }
    Map<String, JobRow> byId = new HashMap<>();
    rows.forEach(row -> byId.putIfAbsent(row.id(), row));
    return new Answer.Jobs(rows, byId, text);
  }

  private static @Nullable JobRow row(String line) {
    List<String> words = new ArrayList<>();
    int from = 0;
    for (int width : WIDTHS) {
      if (line.length() <= from) {
        return null;
      }
      words.add(line.substring(from, Math.min(line.length(), from + width)).strip());
      from += width;
    }
    boolean whole =
        words.get(0).matches("[0-9]+")
            && words.get(1).matches("[0-9]+|N/A")
            && words.get(2).matches("[0-9]+")
            && words.get(3).matches("[A-Z_]+")
            && words.get(4).matches("[0-9]{1,9}");
    Duration used = SlurmTime.parse(words.get(6));
    if (!whole || used == null) {
      return null;
    }
    return new JobRow(
        words.get(0),
        words.get(1).equals("N/A") ? null : words.get(1),
        words.get(2),
        words.get(3),
        Integer.parseInt(words.get(4)),
        words.get(5).equals("INVALID") ? Duration.ZERO : SlurmTime.parse(words.get(5)),
        used,
        words.get(7).equals("None") ? "" : words.get(7),
        words.get(8),
        words.get(9));
  }

  /** What came of a question. */
  sealed interface Answer {
    /**
     * The jobs.
     *
     * @param byId the same by their ids: a worker looks one up for every claim that it meets
     * @param text what they were read from
     */
    record Jobs(List<JobRow> rows, Map<String, JobRow> byId, String text) implements Answer {}

    /** Nothing is known: never "no jobs". */
    record Unknown(String why) implements Answer {}
  }
}
