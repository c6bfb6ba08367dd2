/** The Spring Batch job of a sweep: reader, processor, writer, training tasklet, repository. */
@NullMarked
package dev.sweeprunner.batch;

import org.jspecify.annotations.NullMarked;
