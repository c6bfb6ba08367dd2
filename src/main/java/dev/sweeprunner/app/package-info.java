/**
 * The program put together: one class per mode, and the object graph that all modes share.
 *
 * <p>Promises that a command which only looks starts no Spring, no database, no GPU and no port;
 * {@code serve} opens one, without Spring. Everything a mode needs is made here and handed on;
 * nothing is looked up. Knows every room.
 */
@NullMarked
package dev.sweeprunner.app;

import org.jspecify.annotations.NullMarked;
