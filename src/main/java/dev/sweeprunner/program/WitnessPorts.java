package dev.sweeprunner.program;

import dev.sweeprunner.run.Clock;
import java.util.OptionalLong;

/**
 * What a witness looks at.
 *
 * @param goal {@code max_iters} of a config of the pipeline, else empty
 */
record WitnessPorts(Folders folders, Clock clock, OptionalLong goal) {}
