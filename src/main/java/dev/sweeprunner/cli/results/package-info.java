/**
 * {@code results}: the final values of a sweep's points, the best of them, and mean and spread over
 * seeds, as a table for people, as Markdown, JSON or CSV.
 *
 * <p>Promises that a point that is not finished is in no mean and is no best, and that it is said
 * how many lack. What a value, a mean or a best is, is decided in {@code Results}; the views only
 * print.
 */
@NullMarked
package dev.sweeprunner.cli.results;

import org.jspecify.annotations.NullMarked;
