package dev.sweeprunner.run;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A W&amp;B server of this worker's own, on loopback: programs log to it instead of the real one,
 * unchanged. It answers from what this worker knows and never asks W&amp;B. Any thread.
 */
public interface Relay {
  /** Begins to open what a life will need; returns at once. A failure is told by {@link #open}. */
  default void prepare() {}

  /**
   * Opens a life: one start of a claim's program. From now on a token of its own is taken, for this
   * claim's run alone, until the life is closed.
   *
   * @throws IOException if its port or its files cannot be opened
   */
  Life open(Opening opening) throws IOException;

  /**
   * How it gets on.
   *
   * @param listens whether programs reach it
   * @param programs that may log to it now
   * @param rows that it has taken since this process started
   */
  record Standing(boolean listens, int programs, long rows) {}

  /**
   * What a life begins with.
   *
   * @param log takes lines for the run's log
   * @param notes tells the user something about this run, once
   */
  record Opening(
      ClaimedRun run, Names names, Base base, Consumer<String> log, Consumer<String> notes) {}

  /** What the program is told of where its run belongs, whatever it asks for. */
  record Names(String entity, String project, @Nullable String group, String displayName) {}

  /** Where the run stands when a life begins. */
  sealed interface Base {
    /** Nothing was kept of it: to the program it is a new run. */
    record Fresh() implements Base {}

    /**
     * The program goes on from a checkpoint. Its rows up to and with {@code step} are kept; what
     * dead claims have logged beyond it is dropped, since it is made again.
     *
     * @param step of the newest row that is kept, or -1 if there is none
     * @param runtime that the row shows, seconds
     * @param tracked the run as it was at that row
     */
    record At(long step, double runtime, TrackedRun tracked) implements Base {}

    /**
     * Nothing tells where the program goes on. The rows that dead claims kept are merged with those
     * that come: by the step that the program names itself, else by its own x axis, else one after
     * the other.
     */
    record Unknown() implements Base {}
  }

  /** One start of a program, as far as it logs. Any thread. */
  interface Life extends AutoCloseable {
    /** What the program's environment needs so that its client comes here; nothing else does. */
    Map<String, String> environment();

    /** Whether the program has opened its run here. */
    boolean spoken();

    /**
     * The rows that are settled and were not given yet. Their steps grow, over all calls; each has
     * the {@code timestamp} and the {@code runtime} that W&amp;B is to be shown among {@code wall}.
     * Each has been appended to this claim's file before the program was told that it arrived.
     */
    List<Row> rows();

    /** As {@link #rows}, once the program has ended: what was held back comes too. */
    List<Row> rest();

    /** The step of the newest row that was logged at or before a moment, seconds since 1970. */
    OptionalLong stepAt(double moment);

    /**
     * Whether every row that was logged at or before a moment has arrived, for all that is known.
     */
    boolean covers(double moment);

    /**
     * A checkpoint is about to be published: whoever goes on from it is to find the program's other
     * runs, too, as they were then.
     *
     * @param step of the newest row that belongs to it, or -1
     * @param moment when it was made, seconds since 1970
     */
    default void mark(long step, double moment) {}

    /**
     * Waits until the client has posted what it held when this was called, which it does once a
     * second. For a program that was stopped: its client goes on.
     */
    void awaitPosts(Duration longest);

    /** The run as the program describes it: the config now, the summary as of the row of a step. */
    TrackedRun tracked(long step);

    /** Whether the client has said goodbye: everything it had has arrived. */
    boolean complete();

    /** Takes nothing more: whoever still posts is refused. May be called twice. */
    @Override
    void close();
  }
}
