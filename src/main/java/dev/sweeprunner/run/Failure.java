package dev.sweeprunner.run;

/**
 * One failure of a run, as its claim log keeps it.
 *
 * @param kind what it means for the next attempt
 * @param message one sentence for people, at most 500 characters
 * @param host where it happened
 */
public record Failure(FailureClass kind, String message, String host) {}
