/**
 * What a run and a worker leave to read: metric parts and their joined journal, {@code run.log},
 * {@code meta/}, the worker file.
 */
@NullMarked
package dev.sweeprunner.journal;

import org.jspecify.annotations.NullMarked;
