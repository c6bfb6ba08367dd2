package dev.sweeprunner.batch;

/**
 * A grid config that may be worth claiming.
 *
 * @param index its place in the grid
 */
record Candidate(int index) {}
