/** Slurm as this worker sees it: its own job and array task. */
@NullMarked
package dev.sweeprunner.slurm;

import org.jspecify.annotations.NullMarked;
