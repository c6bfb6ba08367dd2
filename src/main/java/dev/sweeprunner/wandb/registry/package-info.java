/**
 * What W&amp;B is asked: which runs of a sweep exist there and how they stand, by one question that
 * all workers of a storage root share; and whose runs they are.
 *
 * <p>Promises that an unknown answer is never taken for "no", and that of all workers one asks.
 */
@NullMarked
package dev.sweeprunner.wandb.registry;

import org.jspecify.annotations.NullMarked;
