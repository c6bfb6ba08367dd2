/**
 * The life of a started program: a guard between worker and program, which ends all of it when the
 * worker dies or falls silent, and what the program prints.
 *
 * <p>The only room besides {@code process} and {@code host} that starts processes; knows neither
 * runs nor claims.
 */
@NullMarked
package dev.sweeprunner.program.guard;

import org.jspecify.annotations.NullMarked;
