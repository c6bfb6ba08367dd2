package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Telemetry;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Tells W&amp;B about the runs of one sweep. Announcing waits; all else goes on by itself. */
final class OnlineTelemetry implements Telemetry {
  private final RunDescriptors descriptors;
  private final Predicate<Point> logged;
  private final Predicate<Point> buffered;
  private final Announcer announcer;
  private final UplinkPorts ports;
  private final Outbox outbox;
  private final Consumer<Uplink> uplinks;
  private final Clock clock;
  private final Consumer<String> notices;

  OnlineTelemetry(
      RunDescriptors descriptors,
      Predicate<Point> logged,
      Predicate<Point> buffered,
      Announcer announcer,
      UplinkPorts ports,
      Outbox outbox,
      Consumer<Uplink> uplinks) {
    this.descriptors = descriptors;
    this.logged = logged;
    this.buffered = buffered;
    this.announcer = announcer;
    this.ports = ports;
    this.outbox = outbox;
    this.uplinks = uplinks;
    this.clock = ports.clock();
    this.notices = ports.notices();
  }

  @Override
  public Announcement announce(ClaimedRun run, boolean local) {
    if (!logged.test(run.point())) {
      return new Announcement.Ours();
    }
    if (descriptors.sweep().quiet()) {
      return new Announcement.Ours(); // perhaps there will be nothing to tell
    }
    if (run.claim().overtaken()) {
      return new Announcement.Lost("another worker has taken it over");
    }
    return announcer.announce(
        descriptors.of(run, clock.now()), ports.entity(), Goal.of(run.point().config()), local);
  }

  @Override
  public Feed begin(ClaimedRun run, Ledger safe) {
    if (!logged.test(run.point())) {
      return Telemetry.OFF.begin(run, safe);
    }
    Tracker.Sweep sweep = descriptors.sweep();
    boolean live = !buffered.test(run.point());
    KeptCard card = new KeptCard(descriptors.of(run, clock.now()), outbox, false, this::kept);
    if (!sweep.quiet()) {
      card.keep();
    }
    Uplink uplink =
        new Uplink(
            card,
            run.claim().epoch(),
            new Manner(live, sweep.byProgram(), false),
            safe,
            run.claim()::overtaken,
            ports);
    uplinks.accept(uplink);
    return uplink;
  }

  private RunDescriptor kept(RunDescriptor descriptor) {
    try {
      return outbox.put(descriptor);
    } catch (IOException full) {
      notices.accept(
          "Run "
              + descriptor.key().runId()
              + ": what W&B is to be told could not be written down ("
              + Why.at(full)
              + "); if this worker dies before it is told, sync will not know");
      return descriptor;
    }
  }
}
