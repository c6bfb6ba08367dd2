/**
 * Checkpoints on disk, whatever is in them: staging, the rename to the final name, pruning.
 *
 * <p>A checkpoint is a folder. What a trainer puts into it, and how that is checked, is its {@link
 * dev.sweeprunner.run.SnapshotFormat}; nothing here opens a file of it.
 *
 * <p>Crash points: {@code stage.done}, {@code settle.renamed}, {@code prune.start}, {@code
 * prune.half}.
 *
 * <p>Knows no trainer.
 */
@NullMarked
package dev.sweeprunner.checkpoint;

import org.jspecify.annotations.NullMarked;
