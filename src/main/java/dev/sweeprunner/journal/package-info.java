/**
 * What a run and a worker leave to read: metric parts and their joined journal, {@code run.log},
 * {@code config.json}, {@code meta/}, the worker file.
 *
 * <p>Promises equal bytes for equal rows on every JVM, and that a superseded claim never changes
 * what a finished run left. Which parts count is decided by the claim log; this room does not read
 * it. Nothing here is evidence of a claim.
 *
 * <p>Crash points: {@code part.staged} (a part under the epoch), {@code part.renamed} (under its
 * final name, not published), {@code join.written} (the joined journal under the epoch).
 */
@NullMarked
package dev.sweeprunner.journal;

import org.jspecify.annotations.NullMarked;
