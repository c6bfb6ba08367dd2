package dev.sweeprunner.run;

import dev.sweeprunner.config.RunKey;
import java.time.Duration;
import java.util.List;

/**
 * A run in this worker's hands. Every append says whether it won: {@code false} means superseded,
 * for good, and nothing was changed.
 *
 * <p>An append that the disk refuses throws {@link java.io.UncheckedIOException}: it may or may not
 * have happened, the claim stands, and the same call may be made again. {@link #release}, {@link
 * #poison} and {@link #finish} are last words: once they return, either way, the claim is closed.
 *
 * <p>Appends come from one thread; {@link #progress} and {@link #superseded} from any. On SIGKILL
 * the beat stops and others take over after the expiry.
 */
public interface Claim extends AutoCloseable {
  /** The run. */
  RunKey key();

  /** The slot of this claim's CLAIM record: the fencing token. */
  int epoch();

  /** The log so far. */
  LogSummary summary();

  /**
   * Every checkpoint that was ever published for this run and is named by its log, oldest first,
   * those of superseded lineages included.
   */
  List<PublishedCheckpoint> published();

  /** Tells the beat where the work stands; cheap enough for every iteration. */
  void progress(long iter, String phase);

  /**
   * Has {@code told} run after each beat that was written and met no rival: until half the expiry
   * after the newest of them, nobody can have taken over. From the beat's thread.
   */
  void onRenewal(Runnable told);

  /**
   * How old the newest proof is that this claim stands: its own record, or a beat that was written
   * and met no rival. Beyond the expiry others may take over. Any thread.
   */
  Duration sinceRenewal();

  /** Whether a rival is known to have taken over; may still say false when it is true. */
  boolean superseded();

  /** Lists the log now: whether a rival has taken over. One listing; any thread. */
  boolean overtaken();

  /** Appends PUBLISH. */
  boolean publish(PublishedCheckpoint checkpoint);

  /** Appends RELEASE and stops beating. */
  boolean release(ReleaseReason reason, String detail);

  /** Appends FAIL; {@link #poison} may follow. */
  boolean fail(Failure failure);

  /** Appends POISON and stops beating. */
  boolean poison(String why);

  /** Appends FINISH and stops beating; {@link Claims#conclude} comes after. */
  boolean finish(Finish finish);

  /** Stops beating. Appends nothing. */
  @Override
  void close();
}
