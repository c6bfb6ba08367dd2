package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The rows of runs, their logs and their metadata on disk. */
public interface Journal {
  /**
   * Opens a run's journal for one claim: writes {@code config.json} once, {@code meta/{epoch}}, and
   * starts collecting rows in the epoch's folder.
   *
   * @param base the iteration of the checkpoint this claim continues from, 0 at the start
   * @throws dev.sweeprunner.problem.UserError if {@code config.json} holds another config's hash
   */
  RunJournal open(Point point, int epoch, long base) throws IOException;

  /**
   * After FINISH: moves the joined journal to {@code metrics.jsonl}, writes {@code FINISHED.json},
   * removes parts and epoch folders. Idempotent: whoever meets a FINISH that was not concluded,
   * since its owner was killed, calls it again.
   *
   * @throws IOException if the journal that FINISH names is nowhere; then nothing was removed
   */
  void conclude(RunKey key, Finish finish) throws IOException;

  /** Newest values of a run for {@code status}: from its finished journal, or the claim's rows. */
  Optional<Row> newest(RunKey key, int epoch);

  /** The command line that a claim started its program with, and where; empty if it did not. */
  Optional<String> command(RunKey key, int epoch);

  /**
   * What stands before a line of a run's log that says what its program and the relay made of it.
   */
  String RELAY = "[relay] ";

  /** How such a line begins that passes an alert of the program on. */
  String ALERT = "Its program alerts ";

  /**
   * What the logs of a run say behind {@link #RELAY}, each once, the oldest first; behind that the
   * newest alerts.
   */
  default List<String> remarks(RunKey key) {
    return List.of();
  }

  /**
   * What is wrong with the metric part of a publish, by its hash, its steps and its number of rows;
   * empty if it is what was published. Reads the part.
   *
   * @throws IOException if it could not be read, which says nothing about its content
   */
  Optional<String> damage(RunKey key, PublishedCheckpoint published) throws IOException;

  /**
   * Makes a damaged metric part again from the rows that its claim kept for {@code status}, if they
   * give what was published, to the byte. Only who holds the run calls it.
   *
   * @return false where they do not, or are gone; nothing was changed then
   */
  boolean restore(RunKey key, PublishedCheckpoint published) throws IOException;

  /** What the run is to become by its {@code config.json}; empty where that says nothing. */
  Optional<Goal> goal(RunKey key);

  /**
   * The key by whose folder a run lies on disk. A point of several sweeps of one project is one
   * run, and its folder lies in the group of the sweep that it was first claimed for.
   */
  default RunKey home(RunKey key) {
    return key;
  }

  /**
   * The rows of a lineage of published checkpoints, oldest first; nothing is read before a row is
   * asked for.
   */
  Ledger ledger(RunKey key, List<PublishedCheckpoint> lineage);

  /** All rows of a run that has finished, before and after its conclusion. */
  Ledger ledger(RunKey key, Finish finish);

  /** One claim's view of a run's journal. Belongs to one thread. */
  interface RunJournal extends AutoCloseable {
    /** Collects a row; not durable until staged. */
    void row(Row row) throws IOException;

    /** A line for {@code run.log}. */
    void log(String line);

    /**
     * Writes the rows with {@code from <= step < to} as a part into the epoch's folder, fsynced.
     *
     * @param from the newest publish's iteration (or the base)
     */
    StagedPart stage(long from, long to) throws IOException;

    /** Renames a staged part to its final, epoch-bearing name, durably. */
    void settle(StagedPart part) throws IOException;

    /**
     * Joins the parts of the accepted lineage and the rows not yet covered (step &gt;= the last
     * part's iteration) into the epoch's folder, fsynced; {@link Journal#conclude} moves the result
     * to its place once FINISH has won, so that a superseded worker can never overwrite it.
     *
     * @throws DamagedPart if a part is missing or differs from what was published, or if they do
     *     not follow one another
     */
    Joined join(List<PublishedCheckpoint> lineage) throws IOException;

    /** As {@link Journal#ledger(RunKey, List)}, for this run. */
    Ledger ledger(List<PublishedCheckpoint> lineage);

    /** As {@link Journal#ledger(RunKey, Finish)}, for this run. */
    Ledger ledger(Finish finish);

    @Override
    void close();
  }

  /**
   * A metric part in its epoch folder.
   *
   * @param name final file name
   * @param sha256 of its bytes
   * @param rows in it
   */
  record StagedPart(String name, String sha256, long rows) {}

  /**
   * The joined journal.
   *
   * @param sha256 of its bytes
   * @param rows in it
   */
  record Joined(String sha256, long rows) {}

  /** A metric part that is not what was published. */
  final class DamagedPart extends IOException {
    private static final long serialVersionUID = 1L;

    /** One sentence with the file and what is wrong with it. */
    public DamagedPart(String message) {
      super(message);
    }
  }
}
