package dev.sweeprunner.run;

import org.jspecify.annotations.Nullable;

/** What the lock directory says about one run, read just now. */
public sealed interface ClaimState {
  /** Nobody ever claimed it. */
  record Unclaimed() implements ClaimState {}

  /**
   * A lock folder without any record: somebody died between creating it and the first append, or is
   * doing so now.
   *
   * @param free whether it was watched empty for the whole expiry time
   */
  record Empty(boolean free) implements ClaimState {}

  /**
   * Made by another program: never claimed, never touched.
   *
   * @param what which traces, for people
   */
  record Foreign(String what) implements ClaimState {}

  /**
   * A claim log.
   *
   * @param end its newest record
   * @param owner the life of the current claim's owner; null where the log does not end in an
   *     owner's hands (after RELEASE, FAIL, FINISH, POISON, RESET)
   */
  record Logged(LogEnd end, @Nullable Liveness owner) implements ClaimState {}

  /**
   * The folder could not be read: unknown, never "nobody".
   *
   * @param why the error, one sentence
   */
  record Unreadable(String why) implements ClaimState {}
}
