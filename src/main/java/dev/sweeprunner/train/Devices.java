package dev.sweeprunner.train;

import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.DeviceFailure;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The device that this process trains on. It is chosen before the first run is claimed and stays: a
 * run's numbers never move to another kind of device behind anybody's back. Belongs to the worker's
 * thread; {@link #name} may be asked from any.
 */
public final class Devices {
  private static final String WHERE_TO_LOOK =
      " The run goes on from its newest checkpoint wherever it is claimed next; nvidia-smi and the"
          + " kernel's log (dmesg, Xid) say more about the GPU.";

  private volatile BackEnd chosen;

  /**
   * The device that is always there.
   *
   * @param first what trains, unless another is chosen
   */
  public Devices(BackEnd first) {
    this.chosen = first;
  }

  /** Trains on another device instead; only before the first run. */
  public void choose(BackEnd device) {
    chosen = device;
  }

  /** The device that trains, for people. */
  public String name() {
    return chosen.device();
  }

  /** What would make that device faster, for people; empty where nothing would. */
  String advice() {
    return chosen.advice();
  }

  /**
   * Opens the device and builds on it. Where it lacks memory, with fewer tokens at once, down to
   * the fewest.
   *
   * @param build makes something of open kernels and owns them, unless it throws
   * @param notices takes what the user should know
   */
  <T> T open(BackEnd.Wish wish, Function<Kernels, T> build, Consumer<String> notices) {
    BackEnd.Wish next = wish;
    while (true) {
      try {
        return open(chosen, next, build);
      } catch (DeviceFailure failure) {
        if (failure.kind() == DeviceFailure.Kind.BROKEN || !next.canBeHalved()) {
          throw failure("At the start", chosen.device(), failure);
        }
        next = next.halved();
        notices.accept(
            failure.getMessage() + " It is tried with " + next.tokensAtOnce() + " tokens at once.");
      }
    }
  }

  /** A device's failure as a run's. */
  static TrainingFailure failure(String where, String device, DeviceFailure failure) {
    String message = where + " on " + device + ": " + failure.getMessage();
    return switch (failure.kind()) {
      case TOO_SMALL -> new TrainingFailure(FailureClass.OOM, message, failure);
      case FULL -> new TrainingFailure(FailureClass.INFRA, message, failure);
      case BROKEN -> TrainingFailure.deviceLost(message + WHERE_TO_LOOK, failure);
    };
  }

  private static <T> T open(BackEnd device, BackEnd.Wish wish, Function<Kernels, T> build) {
    Kernels kernels = device.open(wish);
    try {
      return build.apply(kernels);
    } catch (RuntimeException | OutOfMemoryError e) {
      kernels.close();
      throw e;
    }
  }
}
