/**
 * Slurm as this worker sees it: its own job and array task, from its environment. Asks Slurm
 * nothing.
 */
@NullMarked
package dev.sweeprunner.slurm;

import org.jspecify.annotations.NullMarked;
