package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.registry.Entity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What an uplink works with.
 *
 * @param client one try per question, since this loop tries again by itself
 * @param entity whose runs these are
 * @param clock tells time
 * @param pace between posts
 * @param sample newest system metrics as a line, or empty while there is no new one
 * @param machine what {@code wandb-metadata.json} says of this machine
 * @param delivered told when the end of a finished run has arrived
 * @param notices what the user should know
 * @param contact whether W&amp;B takes it
 * @param outbox where it is written down what W&amp;B lacks while it does not
 * @param tracks what programs have told of their runs
 * @param carrier carries files of programs, which may take hours
 * @param wake called when something has become due from outside
 */
record UplinkPorts(
    WandbClient client,
    Entity entity,
    Clock clock,
    PostSchedule.Pace pace,
    Supplier<Optional<String>> sample,
    Map<String, ?> machine,
    Consumer<RunDescriptor> delivered,
    Consumer<String> notices,
    Contact contact,
    Outbox outbox,
    Tracks tracks,
    Executor carrier,
    Runnable wake) {
  /** For the runs beside a run, whose files are carried where they themselves are. */
  UplinkPorts beside(RunKey run) {
    return new UplinkPorts(
        client,
        entity,
        clock,
        pace,
        sample,
        machine,
        delivered,
        notices,
        contact,
        outbox,
        tracks.beside(run),
        Runnable::run,
        wake);
  }
}
