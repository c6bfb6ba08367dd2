/**
 * What programs log, as rows of the run's journal: which step each gets after a resume, which are
 * made again and which are kept, when a checkpoint is covered; and the files in which all of it
 * lies before the program is told that it arrived.
 *
 * <p>Promises that each step is in the history once and, where a checkpoint rule says where a life
 * goes on, none is missing; what that rests on stands in {@code Rules}. Knows nothing of HTTP.
 */
@NullMarked
package dev.sweeprunner.relay.rows;

import org.jspecify.annotations.NullMarked;
