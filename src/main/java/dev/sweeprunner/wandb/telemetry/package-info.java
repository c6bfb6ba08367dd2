/**
 * What W&amp;B is told: a run's announcement at its claim, its rows and lines without a seam, its
 * end; now, later from the outbox, or as a file for the official {@code wandb sync}.
 *
 * <p>Promises that sending anything twice changes nothing: row <i>n</i> of the accepted lineage is
 * line <i>n</i> there, whoever sends it. Training never waits for it.
 */
@NullMarked
package dev.sweeprunner.wandb.telemetry;

import org.jspecify.annotations.NullMarked;
