package dev.sweeprunner.slurm;

import dev.sweeprunner.process.Command.Outcome;
import dev.sweeprunner.slurm.SqueueTable.Column;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Asks {@code squeue}, for the jobs in question only.
 *
 * <p>What a question costs the controller is decided by squeue, the same from 20.11 to 26.05 (its
 * {@code squeue.c}, {@code _print_job}; counted by {@code sdiag}): with a single id in {@code
 * --jobs} it sends REQUEST_JOB_INFO_SINGLE, and of all jobs only that one, or that array, comes
 * back; else with a single {@code --user} REQUEST_JOB_USER_INFO, and the controller leaves other
 * users' jobs out; else REQUEST_JOB_INFO, all jobs there are. {@code --name}, {@code --states} and
 * several ids are only looked at by squeue itself, when it prints. So every question for more than
 * one names the user, and one id stands alone: twice the same one is two to squeue. (Each call also
 * asks for the partitions and the federation.) A range such as {@code 9_[0-2]} is none to squeue
 * 22.05, which takes {@code 9_0}: arrays are named whole.
 *
 * <p>Stateless; any thread.
 */
final class Squeue {
  private static final Column NAME = column("Name");
  private static final Column EXIT_CODE = column("exit_code");

  /** How the controller says that it knows no such job. */
  private static final String NO_SUCH_JOB = "Invalid job id specified";

  private final SlurmCommands slurmCommands;

  Squeue(SlurmCommands slurmCommands) {
    this.slurmCommands = slurmCommands;
  }

  /**
   * Jobs of one user, whole arrays, ended ones that Slurm still remembers included. Those that it
   * does not know are left out.
   *
   * @param jobs ids of arrays, or of jobs outside one; at least one
   */
  Answer ofJobs(String user, Collection<String> jobs, Duration limit) {
    if (jobs.isEmpty()) {
      throw new IllegalArgumentException("no jobs: squeue would list all");
    }
    return ask(limit, List.of("--user=" + user, "--jobs=" + String.join(",", jobs)), List.of());
  }

  /** One job or array task; an empty answer means that Slurm does not know it. */
  Answer ofJob(String id, Duration limit) {
    return ask(limit, List.of("--jobs=" + id), List.of());
  }

  /** The jobs of one user that have these names, each with its name and its exit code. */
  Answer ofNames(String user, Collection<String> names, Duration limit) {
    return ask(
        limit,
        List.of("--user=" + user, "--name=" + String.join(",", names)),
        List.of(EXIT_CODE, NAME));
  }

  /**
   * The names of one user's jobs, each once; those that wait in one array are one line to squeue.
   */
  Names names(String user, Duration limit) {
    Outcome outcome =
        slurmCommands.run(
            limit,
            List.of("squeue", "--user=" + user, "--states=all", "--noheader", "--format=%j"));
    return outcome instanceof Outcome.Ended ended && ended.exit() == 0 && ended.dropped() == 0
        ? new Names(ended.out().lines().distinct().toList(), "")
        : new Names(List.of(), SlurmCommands.why("squeue", outcome));
  }

  private Answer ask(Duration limit, List<String> which, List<Column> more) {
    List<String> words = new ArrayList<>(List.of("squeue", "--array", "--states=all"));
    words.addAll(which);
    List<String> format =
        Stream.concat(SqueueTable.ALWAYS.stream(), more.stream()).map(Column::format).toList();
    words.add("--Format=" + String.join(",", format));
    Outcome outcome = slurmCommands.run(limit, words);
    if (!(outcome instanceof Outcome.Ended ended)) {
      return new Answer.Unknown(SlurmCommands.why("squeue", outcome));
    }
    if (ended.exit() == 0 && ended.dropped() == 0) {
      return read(ended.out());
    }
    return ended.exit() != 0 && ended.err().contains(NO_SUCH_JOB)
        ? Answer.Jobs.NONE
        : new Answer.Unknown(SlurmCommands.why("squeue", outcome));
  }

  /** Reads a whole answer. */
  static Answer read(String text) {
    return SqueueTable.read(text);
  }

  private static Column column(String name) {
    return SqueueTable.MORE.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * Names of jobs.
   *
   * @param why they are not known, or empty
   */
  record Names(List<String> all, String why) {}

  /** What came of a question. */
  sealed interface Answer {
    /**
     * The jobs.
     *
     * @param byId the same by their ids: a worker looks one up for every claim that it meets
     * @param text what they were read from
     */
    record Jobs(List<JobRow> rows, Map<String, JobRow> byId, String text) implements Answer {
      /** No job at all, as squeue prints it. */
      static final Jobs NONE = of(List.of(), heading());

      static Jobs of(List<JobRow> rows, String text) {
        Map<String, JobRow> byId = new HashMap<>();
        rows.forEach(row -> byId.putIfAbsent(row.id(), row));
        return new Jobs(List.copyOf(rows), Map.copyOf(byId), text);
      }

      private static String heading() {
        StringBuilder heading = new StringBuilder();
        for (Column column : SqueueTable.ALWAYS) {
          heading.append(column.heading()).append(" ".repeat(column.blank()));
        }
        return heading.append("\n").toString();
      }
    }

    /** Nothing is known: never "no jobs". */
    record Unknown(String why) implements Answer {}
  }
}
