package dev.sweeprunner.run.work;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The storage takes no more. No run is to blame, and the node is not sick for good: the worker
 * gives back what it has, claims nothing until there is room again, and goes on by itself.
 */
public final class NoRoom extends SickNode {
  private static final long serialVersionUID = 1L;

  /** How Linux calls a full disk and a quota that is used up. */
  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded");

  private final long needed;
  private final boolean told;

  /**
   * One sentence with the way out.
   *
   * @param needed bytes that were to be kept, as far as is known
   */
  public NoRoom(String message, long needed) {
    this(message, needed, false);
  }

  private NoRoom(String message, long needed, boolean told) {
    super(message);
    this.needed = needed;
    this.told = told;
  }

  /** Whether the run that met it has told of it. */
  boolean told() {
    return told;
  }

  /** Bytes that there must be room for before anything is tried again. */
  long needed() {
    return needed;
  }

  /** The same, told of by a run of which a whole checkpoint has this many bytes. */
  NoRoom needing(long bytes) {
    return new NoRoom(String.valueOf(getMessage()), Math.max(needed, bytes), true);
  }

  /** What stops a worker that could not write, by what refused it. */
  static SickNode or(String message, Throwable cause) {
    return behind(cause) ? new NoRoom(message, 0) : new SickNode(message);
  }

  /** Whether a full disk is behind a failure. */
  static boolean behind(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(cause -> String.valueOf(cause.getMessage()))
        .anyMatch(message -> FULL.stream().anyMatch(message::contains));
  }
}
