/**
 * The user's own program as a trainer: it stands behind the {@code Training} port, as the built-in
 * one does.
 *
 * <p>Knows its four parts and no other adapter.
 */
@NullMarked
package dev.sweeprunner.program;

import org.jspecify.annotations.NullMarked;
