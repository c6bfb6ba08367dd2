package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A run's files and artifacts, carried to W&amp;B beside what is told of the run: gigabytes keep no
 * row and no sign of life waiting. One load at a time, after which whoever tells of the run hears
 * how it went. Any thread.
 */
final class Freight {
  private final ProgramFilesShipping shipping;
  private final Executor carrier;
  private final Runnable heard;
  private boolean underWay;
  private boolean forgotten;
  private @Nullable WandbFailure failure;

  /**
   * Carries nothing yet.
   *
   * @param shipping used by nobody else
   * @param carrier carries one load
   * @param heard called when it has come to its end
   */
  Freight(ProgramFilesShipping shipping, Executor carrier, Runnable heard) {
    this.shipping = shipping;
    this.carrier = carrier;
    this.heard = heard;
  }

  /** As {@link ProgramFilesShipping#wanted}; nothing while a load is under way. */
  synchronized boolean wanted(boolean ending) {
    return !underWay && shipping.wanted(ending);
  }

  /** Whether a load is under way. */
  synchronized boolean underWay() {
    return underWay;
  }

  /** Sends a load off; none may be under way. */
  void carry(WandbClient client, RunPath to) {
    synchronized (this) {
      underWay = true;
    }
    carrier.execute(() -> load(client, to));
  }

  private void load(WandbClient client, RunPath to) {
    WandbFailure met = null;
    try {
      shipping.step(client, to);
    } catch (WandbFailure failed) {
      met = failed;
    } catch (RuntimeException wrong) {
      met = new WandbFailure(Kind.REFUSED, Why.of(wrong), null, wrong);
    } finally {
      returned(met);
      heard.run();
    }
  }

  private synchronized void returned(@Nullable WandbFailure met) {
    underWay = false;
    failure = met;
    if (forgotten) {
      forgotten = false;
      shipping.forget();
    }
  }

  /**
   * Tells once what the newest load has met.
   *
   * @throws WandbFailure as {@link ProgramFilesShipping#step}
   */
  synchronized void check() throws WandbFailure {
    WandbFailure met = failure;
    failure = null;
    if (met != null) {
      throw met;
    }
  }

  /** As {@link ProgramFilesShipping#forget}, once no load is under way. */
  synchronized void forget() {
    if (underWay) {
      forgotten = true;
    } else {
      shipping.forget();
    }
  }
}
