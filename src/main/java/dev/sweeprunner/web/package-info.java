/**
 * Health of a worker over HTTP, on loopback: what it does, and whether its storage takes writes.
 *
 * <p>Knows only suppliers of facts; opens no port of its own accord. Only {@code health} is
 * exposed, by the packed settings.
 */
@NullMarked
package dev.sweeprunner.web;

import org.jspecify.annotations.NullMarked;
