package dev.sweeprunner.web;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Delivery;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Requests;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.work.Meter;
import jakarta.servlet.Servlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoints need of the worker; everything may be asked from any thread.
 *
 * @param worker the newest report of the worker
 * @param meter what it has done, and the run in its hands
 * @param storage why the storage root takes no writes, or empty while it does; may take long
 * @param wandb how it gets on with W&amp;B
 * @param relay how the relay gets on, or empty where no program needs one
 * @param origin what this process is
 * @param page makes what answers at all other addresses, once somebody asks there
 * @param port is told the port once the server listens
 * @param clock tells time
 * @param folder stays empty in the server's eyes: it serves nothing of it and writes nothing there
 * @param limits after which something is wrong
 */
public record Vitals(
    Supplier<WorkerReport.Status> worker,
    Meter meter,
    Supplier<Optional<String>> storage,
    Wandb wandb,
    Supplier<Optional<Relay.Standing>> relay,
    Origin origin,
    Supplier<Servlet> page,
    IntConsumer port,
    Clock clock,
    Path folder,
    Limits limits) {
  /**
   * W&amp;B, as this worker uses it.
   *
   * @param delivery whether it takes what it is told
   * @param requests what it was asked
   */
  public record Wandb(Supplier<Delivery> delivery, Supplier<Requests> requests) {}

  /**
   * What runs here.
   *
   * @param version of this program
   * @param commit of the sweep file's work tree, or null outside one; the first answer may take as
   *     long as git does
   */
  public record Origin(String version, Supplier<@Nullable String> commit) {}

  /**
   * Times.
   *
   * @param hang a worker whose run made no progress for this long is down
   * @param expiry a claim that was not renewed for this long may be another worker's
   */
  public record Limits(Duration hang, Duration expiry) {}
}
