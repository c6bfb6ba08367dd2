package dev.sweeprunner.run;

import dev.sweeprunner.config.RunConfig;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Trains runs: in this process, or by a program of the user's. */
public interface Training {
  /** Why this trainer will never train this config, or empty. Answered without loading a device. */
  Optional<String> refusal(RunConfig config);

  /**
   * Whether what it publishes may be torn without anybody's knowing: a start that fails at once on
   * such a state goes back one.
   */
  default boolean statesMaySpoil() {
    return false;
  }

  /** Whether it goes on by itself from the checkpoint that the earlier runner left in a run. */
  default boolean continuesEarlier() {
    return false;
  }

  /**
   * What is missing on this node for this config (data files), or empty. Counts against the node.
   */
  Optional<String> missing(RunConfig config);

  /** Bytes of one whole checkpoint of this config, and of its weights alone. */
  Size size(RunConfig config);

  /** Begins what takes a moment and every run will need; returns at once. */
  default void prepare() {}

  /** The same trainer where time is limited. */
  default Training within(TimeBudget budget) {
    return this;
  }

  /** What trains, for example {@code cpu, 2 threads}. */
  String device();

  /**
   * Prepares a run: data opened, parameters initialised or taken from {@code base}.
   *
   * @param base the state to continue from, or null to start at iteration 0
   * @param log takes lines for the run's log
   * @throws TrainingFailure if the run cannot be started
   */
  Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log);

  /** One run in training. Belongs to one thread. */
  interface Session extends AutoCloseable {
    /** Completed updates. */
    long iter();

    /** Updates until the end, as far as is known; 0 where it is not. */
    long maxIters();

    /**
     * Whether a checkpoint is to be made now.
     *
     * @param scheduled whether the schedule says so; a program keeps its own
     */
    default boolean due(boolean scheduled) {
      return scheduled;
    }

    /** The iteration of what {@link #snapshot} would give: at most {@link #iter}. */
    default long savable() {
      return iter();
    }

    /**
     * Whether what {@link #snapshot} gives is to be published even where a checkpoint of its
     * iteration is: after {@link Pausing#COMPLETE}, in place of that one.
     */
    default boolean left() {
      return false;
    }

    /**
     * Trains until something is to be done at a boundary. At boundary k, in this order: the
     * caller's {@code due} is asked (before evaluation k), evaluation k, update k, row k.
     *
     * @param due asked once per boundary k &gt; the starting one, with k: whether to return for a
     *     checkpoint
     * @param stop seen between slices of an iteration; a partial iteration is discarded
     * @param rows receives each row once its update is complete; not every iteration has one
     * @param completed told k after each completed iteration k and its row, if it has one
     * @throws TrainingFailure if the run cannot go on
     */
    Pausing train(LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed);

    /** After {@link Pausing#COMPLETE}: the last evaluation, as row max_iters, if there is one. */
    void evaluateLast(Consumer<Row> rows);

    /** The state at the current boundary; a copy that training does not change. */
    Snapshot snapshot();

    /**
     * What writes snapshots to the disk: the calling thread, or another one where a device can go
     * on training meanwhile.
     */
    default Executor saver() {
      return Runnable::run;
    }

    @Override
    void close();
  }

  /** Why {@link Session#train} returned; the session stands at a boundary each time. */
  enum Pausing {
    /** {@code due} said so. */
    DUE,
    /** A stop was requested. */
    STOPPED,
    /** All updates are done. */
    COMPLETE,
    /** What trained is gone by no fault of the run's: it is to be given back. */
    LOST
  }

  /**
   * Sizes in bytes.
   *
   * @param whole weights, optimizer and state
   * @param weights weights alone
   */
  record Size(long whole, long weights) {}
}
