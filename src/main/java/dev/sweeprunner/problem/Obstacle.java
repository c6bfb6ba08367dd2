package dev.sweeprunner.problem;

/**
 * A state of the world that keeps this process from one thing, and from nothing else.
 *
 * @param fact what and where, one sentence without its full stop
 * @param wayOut what mends it, one sentence
 */
public record Obstacle(String fact, String wayOut) {}
