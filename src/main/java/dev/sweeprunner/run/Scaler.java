package dev.sweeprunner.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The process that submits tasks for a storage root, or did so last.
 *
 * @param owner the process; null where what it wrote of itself cannot be read
 * @param silent for how long it has said nothing, by the file server's clock: for show
 * @param left whether it has given its seat up, or is proven gone
 * @param met whether this host has waited for it before
 */
public record Scaler(@Nullable Owner owner, Duration silent, boolean left, boolean met) {}
