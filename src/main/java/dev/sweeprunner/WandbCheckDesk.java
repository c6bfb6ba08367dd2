package dev.sweeprunner;

import dev.sweeprunner.cli.CheckDesk;
import dev.sweeprunner.wandb.Check;
import dev.sweeprunner.wandb.Probe;
import java.util.function.Consumer;

/** Lets {@code wandb-check} speak to W&amp;B. */
final class WandbCheckDesk implements CheckDesk {
  private final Check check;

  WandbCheckDesk(Check check) {
    this.check = check;
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
