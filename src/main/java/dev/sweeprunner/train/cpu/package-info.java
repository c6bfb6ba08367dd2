/**
 * The CPU back end: plain loops, and beside them the Vector API for large matrix products and
 * attention; the same bits with either, with any number of threads and on any JDK. Classes named
 * Simd need the module {@code jdk.incubator.vector} and are loaded only where it is there.
 */
@NullMarked
package dev.sweeprunner.train.cpu;

import org.jspecify.annotations.NullMarked;
