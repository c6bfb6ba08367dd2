/** The machine under the worker: clock and pauses, process identity, git. */
@NullMarked
package dev.sweeprunner.host;

import org.jspecify.annotations.NullMarked;
