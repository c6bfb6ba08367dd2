package dev.sweeprunner.web;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Delivery;
import dev.sweeprunner.run.WorkerReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What the health endpoint needs of the worker; everything may be asked from any thread.
 *
 * @param worker the newest report of the worker
 * @param storage why the storage root takes no writes, or empty while it does
 * @param delivery whether W&amp;B takes what it is told
 * @param port is told the port once the server listens
 * @param clock tells time, for the report's age
 * @param folder stays empty in the server's eyes: it serves nothing of it and writes nothing there
 * @param hang a worker that trains and reported no progress for this long is down
 */
public record Vitals(
    Supplier<WorkerReport.Status> worker,
    Supplier<Optional<String>> storage,
    Supplier<Delivery> delivery,
    IntConsumer port,
    Clock clock,
    Path folder,
    Duration hang) {}
