/**
 * {@code status}: where every point of some sweeps stands, as a table for people, as JSON or as
 * CSV.
 *
 * <p>A field's meaning is decided once, in {@code StatusRow}; the views only print.
 */
@NullMarked
package dev.sweeprunner.cli.status;

import org.jspecify.annotations.NullMarked;
