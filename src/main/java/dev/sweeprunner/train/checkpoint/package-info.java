/**
 * What a checkpoint of the built-in trainer holds: safetensors, a manifest with hashes.
 *
 * <p>A checkpoint is a folder of four files. {@code weights.safetensors} holds the parameters under
 * the names that nanoGPT gives them, {@code optimizer.safetensors} both Adam moments ({@code
 * exp_avg.*}, {@code exp_avg_sq.*}), {@code state.json} where the run stands, {@code manifest.json}
 * the size and SHA-256 of the other three. Nothing in it depends on the clock: the same state gives
 * the same bytes.
 *
 * <p>An older permanent checkpoint is pruned to its weights by removing {@code
 * optimizer.safetensors} alone. Its manifest stays byte for byte what the claim log names: the file
 * that it lists and the folder lacks is the sign of the pruning.
 *
 * <p>Crash point: {@code stage.weights}.
 *
 * <p>Knows no back end and nothing of a model but its tensors with their names.
 */
@NullMarked
package dev.sweeprunner.train.checkpoint;

import org.jspecify.annotations.NullMarked;
