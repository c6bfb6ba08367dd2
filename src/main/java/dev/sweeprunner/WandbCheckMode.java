package dev.sweeprunner;

import dev.sweeprunner.cli.CheckDesk;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.cli.WandbCheckCommand;
import dev.sweeprunner.run.ExitCode;
import dev.sweeprunner.wandb.Check;
import dev.sweeprunner.wandb.Probe;
import java.util.function.Consumer;

/** {@code wandb-check}: plain Java; no sweep, no Spring, nothing on disk. */
final class WandbCheckMode implements CheckDesk {
  private final Check check;
  private final Screen screen;

  WandbCheckMode(Check check, Screen screen) {
    this.check = check;
    this.screen = screen;
  }

  ExitCode run() {
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
