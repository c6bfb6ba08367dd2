package dev.sweeprunner.program;

import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.program.state.StillCopy;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint with all that was logged before it was made.
 *
 * @param step of the newest row before it
 * @param logged the run as of that row
 * @param copy the program's folder as it was then; null where it is the folder itself
 */
record Covered(Found found, long step, ProgramState.Logged logged, @Nullable StillCopy copy) {}
