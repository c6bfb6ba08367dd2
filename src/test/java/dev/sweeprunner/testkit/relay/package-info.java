/**
 * A program that logs as W&amp;B's official client 0.30.0 does, by hand and over raw sockets: the
 * sequence of its requests, what it takes from the answers, what a kill makes it lose.
 */
@NullMarked
package dev.sweeprunner.testkit.relay;

import org.jspecify.annotations.NullMarked;
