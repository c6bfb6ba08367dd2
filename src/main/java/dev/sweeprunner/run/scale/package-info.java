/**
 * How many Slurm tasks there is work for: the autoscaler as a machine that is driven one look at a
 * time. It counts demand from verdicts, remembers what became of its tasks, decides what to submit
 * and to cancel, and has it done through ports; it knows no Slurm, no file and no clock of its own.
 */
@NullMarked
package dev.sweeprunner.run.scale;

import org.jspecify.annotations.NullMarked;
