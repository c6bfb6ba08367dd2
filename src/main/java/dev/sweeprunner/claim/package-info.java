/**
 * The claim log: who may work on a run. Append-only slots, beats, expiry judged by watching,
 * takeover, and the traces of the earlier runner.
 *
 * <p>Promises: of all that try, one gets a slot; whoever was taken over from changes nothing any
 * more and is told so at its next beat or append; a SIGKILL at any instruction leaves a run that
 * others can take after the expiry time at most. Safety rests on the slots alone. Beats, hints,
 * findings and clocks only decide when somebody tries.
 *
 * <p>Crash points, in the order of a run's life, named to {@link dev.sweeprunner.run.Trace#reach}:
 *
 * <ul>
 *   <li>{@code append.temp}: a record lies ready beside the log, its slot not yet taken
 *   <li>{@code append.linked.CLAIM}, {@code .PUBLISH}, {@code .RELEASE}, {@code .FAIL}, {@code
 *       .FINISH}, {@code .POISON}, {@code .RESET}: the slot is taken, the writer does not know yet,
 *       the temp still lies there
 *   <li>{@code claim.linked}: the claim is this process's, no beat yet
 *   <li>{@code claim.beating}: the first beat is written
 *   <li>{@code finish.linked}: FINISH was tried; where it won it is in the log, nothing compacted,
 *       no hint
 *   <li>{@code finish.compacting}: a lower slot has been removed; reached once per removed slot
 * </ul>
 *
 * <p>Knows nothing of checkpoints, rows, W&amp;B or Slurm, and judges nothing: whether a run may be
 * claimed is decided in {@code run}.
 */
@NullMarked
package dev.sweeprunner.claim;

import org.jspecify.annotations.NullMarked;
