package dev.sweeprunner.program;

import dev.sweeprunner.run.Clock;
import java.util.OptionalLong;

/**
 * What a witness looks at.
 *
 * @param goal {@code max_iters} of a config of the pipeline, else empty
 * @param fromZero whether the run's published rows begin with one of step 0
 */
record WitnessPorts(Folders folders, Clock clock, OptionalLong goal, boolean fromZero) {}
