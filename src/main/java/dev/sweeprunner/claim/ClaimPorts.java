package dev.sweeprunner.claim;

import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Trace;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the claims need of the world beside the file system.
 *
 * @param clock its {@code nanos} decide, its wall time is only written down
 * @param pause waits between the retries of an append
 * @param processes proof of death on this machine
 * @param trace crash points
 * @param findings what other workers wrote down as watched dead; asked at each look at an owner, so
 *     cheap or cached
 */
public record ClaimPorts(
    Clock clock,
    Pause pause,
    Processes processes,
    Trace trace,
    Supplier<List<Claims.Finding>> findings) {}
