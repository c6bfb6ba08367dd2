/**
 * Every path of the on-disk contract, in one place.
 *
 * <p>Computes names and touches nothing.
 */
@NullMarked
package dev.sweeprunner.layout;

import org.jspecify.annotations.NullMarked;
