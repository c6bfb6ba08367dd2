/**
 * Files, tables and artifacts that programs give to W&amp;B: taken over by the worker, kept beside
 * the run, shipped later.
 *
 * <p>Knows the operations of W&amp;B's protocol that are about files, and nothing of HTTP.
 */
@NullMarked
package dev.sweeprunner.relay.files;

import org.jspecify.annotations.NullMarked;
