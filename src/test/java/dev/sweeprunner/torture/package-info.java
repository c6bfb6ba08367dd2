/**
 * A worker for {@code bench/attack/torture}: the real claims, journals, checkpoints, judge and work
 * of a worker, wired without Spring around a trainer that takes no time, so that a life is cheap.
 */
@NullMarked
package dev.sweeprunner.torture;

import org.jspecify.annotations.NullMarked;
