/**
 * The transformer: parameters and their layout, forward and backward passes, AdamW; written once
 * over {@code train.kernels}.
 */
@NullMarked
package dev.sweeprunner.train.model;

import org.jspecify.annotations.NullMarked;
