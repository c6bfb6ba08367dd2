/**
 * A W&amp;B server of the worker's own, on loopback, for the programs that it runs: whatever calls
 * {@code wandb.log} is kept in the run's journal, and passed on in the commit order.
 *
 * <p>Promises that nothing outside the claim's own run can be written through it, that it never
 * asks the real server before it answers, and that what it said to have taken is in the claim's
 * files. It knows neither W&amp;B's real address nor the real key.
 *
 * <p>{@code Door} finds out whose each request is and holds it to its pace; {@code GraphQl}, {@code
 * Stream} and {@code Uploads} answer it. {@code Runs} says which run a client writes: the claim's,
 * or one beside it. A life's token is revoked before its heir's first answer, and what has not been
 * taken whole by then is not taken.
 *
 * <p>Of a program that keeps to nothing it holds at most one body of 64 MiB and small ones of 1 MiB
 * in 64 threads, for 512 connections; requests beyond 500 a second wait their turn. A refusal that
 * its client would take for the end is given only to whoever has no life here: everything else is
 * answered, and what was not kept is said once in the run's log and to the user.
 */
@NullMarked
package dev.sweeprunner.relay;

import org.jspecify.annotations.NullMarked;
