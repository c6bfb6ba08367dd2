/**
 * A W&amp;B server of the worker's own, on loopback, for the programs that it runs: whatever calls
 * {@code wandb.log} is kept in the run's journal, and passed on in the commit order.
 *
 * <p>Promises that nothing outside the claim's own run can be written through it, that it never
 * asks the real server before it answers, and that what it said to have taken is in the claim's
 * files. It knows neither W&amp;B's real address nor the real key.
 */
@NullMarked
package dev.sweeprunner.relay;

import org.jspecify.annotations.NullMarked;
