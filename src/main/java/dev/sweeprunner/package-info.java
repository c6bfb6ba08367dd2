/**
 * The program: main, settings, signals, and the wiring of all rooms.
 *
 * <p>The mode is chosen here before Spring starts; only a run and an interactive shell start it.
 * Knows every room; no room knows it.
 */
@NullMarked
package dev.sweeprunner;

import org.jspecify.annotations.NullMarked;
