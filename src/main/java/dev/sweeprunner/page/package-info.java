/**
 * The page: what {@code status} and {@code workers} print, with the runs' curves and their claims,
 * in a browser; live on a port, or as one file.
 *
 * <p>Promises that it only reads, that nothing is looked at before somebody asks, that one look at
 * a time serves all who watch, and that no name that a user or a program chose is more than text in
 * a browser. What is looked at it is told by suppliers; it knows neither the command line nor the
 * worker beside which it may run.
 *
 * <p>{@code PageServlet} answers, behind {@code Gate}. {@code Pulse} looks, {@code Look} is what it
 * saw, {@code DocumentJson} tells it; each {@code Watcher} is told what changed. {@code Timeline}
 * reads claim logs, {@code Curves} rows. {@code Export} makes the one file; {@code PageServer} is
 * the server of {@code serve}.
 */
@NullMarked
package dev.sweeprunner.page;

import org.jspecify.annotations.NullMarked;
