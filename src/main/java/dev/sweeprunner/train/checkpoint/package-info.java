/** Checkpoints on disk: safetensors, a manifest with hashes, staging, pruning. */
@NullMarked
package dev.sweeprunner.train.checkpoint;

import org.jspecify.annotations.NullMarked;
