/**
 * The Spring Batch job of a sweep: reader, processor, writer, training tasklet, and the executions
 * of its instances.
 *
 * <p>Where a sweep stands is never read from the job repository, only from the claim logs.
 */
@NullMarked
package dev.sweeprunner.batch;

import org.jspecify.annotations.NullMarked;
