/**
 * The shape of the project as tests: rooms and arrows, what may be used where, sizes.
 *
 * <p>Every rule is also shown an example that breaks it, so that a rule that can no longer fail is
 * noticed.
 */
@NullMarked
package dev.sweeprunner.architecture;

import org.jspecify.annotations.NullMarked;
