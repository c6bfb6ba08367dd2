package dev.sweeprunner.app;

import dev.sweeprunner.cli.CheckDesk;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.cli.WandbCheckCommand;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.host.Version;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.wandb.Check;
import dev.sweeprunner.wandb.Probe;
import dev.sweeprunner.wandb.api.ClientPorts;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.WandbClient;
import java.util.function.Consumer;

/** {@code wandb-check}: plain Java; no sweep, no Spring, nothing on disk. */
final class WandbCheckMode implements CheckDesk {
  private final Check check;
  private final Screen screen;

  WandbCheckMode(Check check, Screen screen) {
    this.check = check;
    this.screen = screen;
  }

  /**
   * With the account of this user.
   *
   * @throws dev.sweeprunner.problem.UserError without a key
   */
  public static WandbCheckMode of(
      Tracking tracking, ObjectGraph graph, Signals signals, Screen screen) {
    long pid = graph.self().pid();
    ClientPorts ports =
        new ClientPorts(
            signals::pause, graph.clock()::now, pid ^ graph.clock().nanos(), Version.text());
    WandbClient client = WandbClient.of(tracking.accountWithKey(), Patience.brief(), ports);
    String seed =
        Long.toString(graph.clock().now().toEpochMilli(), Character.MAX_RADIX)
            + "-"
            + Long.toString(pid, Character.MAX_RADIX);
    Check check = new Check(client, tracking.entity(), seed, graph.clock(), signals, signals);
    return new WandbCheckMode(check, screen);
  }

  public ExitCode run() {
    return new WandbCheckCommand(this, screen).run();
  }

  @Override
  public String project() {
    return Check.PROJECT;
  }

  @Override
  public void check(Consumer<Finding> heard) {
    check.run(probe -> heard.accept(finding(probe)));
  }

  private static Finding finding(Probe probe) {
    Verdict verdict =
        switch (probe.verdict()) {
          case OK -> Verdict.OK;
          case DIFFERENT -> Verdict.DIFFERENT;
          case UNSEEN -> Verdict.UNSEEN;
        };
    return new Finding(probe.relied(), probe.seen(), verdict, probe.took());
  }
}
