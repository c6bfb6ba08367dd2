/**
 * Health of a worker over HTTP, on loopback: what it does, whether its storage takes writes, and
 * whether W&amp;B takes what it is told.
 *
 * <p>Knows only suppliers of facts; opens no port of its own accord. Only {@code health} is
 * exposed, by the packed settings.
 */
@NullMarked
package dev.sweeprunner.web;

import org.jspecify.annotations.NullMarked;
