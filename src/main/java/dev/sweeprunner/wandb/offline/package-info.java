/**
 * The file in which a run waits for {@code wandb sync}: records in the framing of a LevelDB log,
 * protobuf inside. Knows nothing of the network.
 */
@NullMarked
package dev.sweeprunner.wandb.offline;

import org.jspecify.annotations.NullMarked;
