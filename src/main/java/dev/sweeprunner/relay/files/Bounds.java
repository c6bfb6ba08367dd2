package dev.sweeprunner.relay.files;

/**
 * How much a program may leave here, bytes.
 *
 * @param perFile most of one file
 * @param perRun most of all files of one claim
 * @param reserve what stays free on the disk
 * @param look how much is written before the disk is looked at again
 */
record Bounds(long perFile, long perRun, long reserve, long look) {
  static final long GB = 1_000_000_000L;

  /** Those of every worker. */
  static final Bounds USUAL = new Bounds(5 * GB, 50 * GB, GB, 64 << 20);
}
