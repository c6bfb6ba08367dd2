package dev.sweeprunner.train;

import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.DeviceFailure;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The devices that this process may train on: one, and another to fall back to as long as the first
 * has not trained anything. Belongs to the worker's thread; {@link #name} may be asked from any.
 */
public final class Devices {
  private volatile BackEnd chosen;
  private @Nullable BackEnd fallback;

  /**
   * One device.
   *
   * @param only what trains
   */
  public Devices(BackEnd only) {
    this.chosen = only;
  }

  /**
   * Trains on another device instead.
   *
   * @param fallBack whether the one so far trains where this one cannot be opened for its first run
   */
  public void prefer(BackEnd first, boolean fallBack) {
    fallback = fallBack ? chosen : null;
    chosen = first;
  }

  /** The device that trains, for people. */
  String name() {
    return chosen.device();
  }

  /** From now on there is no falling back: a run's numbers stay on one device. */
  void settle() {
    fallback = null;
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
        BackEnd other = fallback;
        if (failure.kind() != DeviceFailure.Kind.BROKEN && next.canBeHalved()) {
          next = next.halved();
          notices.accept(
              failure.getMessage()
                  + " It is tried with "
                  + next.tokensAtOnce()
                  + " tokens at once.");
        } else if (other != null) {
          notices.accept(
              failure.getMessage() + " This worker trains on the " + other.device() + ".");
          chosen = other;
          fallback = null;
        } else {
          throw failure("the start", failure);
        }
      }
    }
  }

  /** A device's failure as a run's. */
  static TrainingFailure failure(String where, DeviceFailure failure) {
    String message = "In " + where + ": " + failure.getMessage();
    return switch (failure.kind()) {
      case TOO_SMALL -> new TrainingFailure(FailureClass.OOM, message, failure);
      case FULL -> new TrainingFailure(FailureClass.INFRA, message, failure);
      case BROKEN -> TrainingFailure.deviceLost(message, failure);
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
