package dev.sweeprunner.run;

/**
 * What a FINISH record carries.
 *
 * @param iter completed updates, equal to max_iters; of a program how far it says that it has come
 * @param checkpoint folder name of the final checkpoint
 * @param manifestSha256 of the final checkpoint's manifest
 * @param journalSha256 of the joined {@code metrics.jsonl}
 * @param rows its number of rows
 */
public record Finish(
    long iter, String checkpoint, String manifestSha256, String journalSha256, long rows) {}
