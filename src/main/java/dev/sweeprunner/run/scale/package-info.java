/**
 * How many Slurm tasks there is work for: demand counted from verdicts, and a plan of what to
 * submit and to cancel. Pure; asks and submits nothing.
 */
@NullMarked
package dev.sweeprunner.run.scale;

import org.jspecify.annotations.NullMarked;
