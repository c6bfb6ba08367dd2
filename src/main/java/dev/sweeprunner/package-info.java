/**
 * Sweep Runner, as a map. A room is a package and imports only what stands below it, or beside it
 * where that is said; {@code architecture.Rooms} in the tests is the same table as code.
 *
 * <ul>
 *   <li>{@link dev.sweeprunner.SweepRunner}: {@code main}; chooses a mode, prints the error.
 *   <li>{@code app}: the modes and the object graph, wired by hand.
 *   <li>{@code cli}, {@code cli.status}, {@code cli.shell}: commands and what they print; {@code
 *       batch}: the Spring Batch job of a sweep; {@code web}: health over HTTP.
 *   <li>{@code options}: what the user said, as one record.
 *   <li>Adapters, none of which knows another: {@code claim} (who may work on a run), {@code
 *       journal} (rows and metadata), {@code wandb}, {@code slurm}, {@code host} (this machine),
 *       {@code train} (the trainer; its back ends in {@code train.cpu} and {@code train.cuda}).
 *   <li>{@code run.work}: what a worker does with a run; {@code run.scale}: how many tasks there is
 *       work for; {@code run.judge}: the one place of decisions; {@code run}: the ports, and the
 *       values of the claim log.
 *   <li>{@code layout}: every path on disk; {@code config}: from a point to a run id; {@code
 *       sweep}: the file and its grid.
 *   <li>Leaves: {@code problem} (an error for a user), {@code files} (durable files), {@code json},
 *       {@code program} (other programs).
 * </ul>
 *
 * <p>Knows every room; no room knows it.
 */
@NullMarked
package dev.sweeprunner;

import org.jspecify.annotations.NullMarked;
