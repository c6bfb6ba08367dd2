/**
 * What a user is told when something is wrong: one sentence of fact with its place, one with the
 * way out. What Java says of a failure becomes words in {@link dev.sweeprunner.problem.Why} alone.
 *
 * <p>Knows nothing of the other rooms; every room may throw a {@link
 * dev.sweeprunner.problem.UserError}.
 */
@NullMarked
package dev.sweeprunner.problem;

import org.jspecify.annotations.NullMarked;
