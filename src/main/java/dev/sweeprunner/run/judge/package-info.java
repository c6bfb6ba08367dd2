/**
 * The one place of decisions: facts about a point, each with its source and age, and the pure
 * function from them to a verdict.
 *
 * <p>Promises that the same facts give the same verdict, whoever asks: {@code status}, {@code
 * plan}, {@code explain}, {@code scale} and the worker all come here. A question that failed is
 * unknown, never "no". Changes nothing.
 */
@NullMarked
package dev.sweeprunner.run.judge;

import org.jspecify.annotations.NullMarked;
