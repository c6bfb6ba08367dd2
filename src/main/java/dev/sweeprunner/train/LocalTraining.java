package dev.sweeprunner.train;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.cpu.CpuKernels;
import dev.sweeprunner.train.data.RunData;
import dev.sweeprunner.train.kernels.Kernels;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Trains on this machine's processors, always in float32.
 *
 * <p>Questions about configs may come from any thread; each session belongs to one.
 */
public final class LocalTraining implements Training {
  /** Headers, manifest and state of a checkpoint, roughly, and per parameter tensor. */
  private static final long CHECKPOINT_EXTRA = 4096;

  private static final long HEADER_PER_LAYER = 2048;

  private final int threads;
  private final Clock clock;
  private final Function<String, List<Path>> places;
  private final Consumer<String> notices;
  private final AtomicBoolean saidFloat32 = new AtomicBoolean();

  /**
   * A trainer.
   *
   * @param threads that compute; the results do not depend on it
   * @param clock for the wall-clock part of rows only
   * @param places the absolute paths that a relative one in a config may mean, in order
   * @param notices takes sentences for the user, each said once
   */
  public LocalTraining(
      int threads, Clock clock, Function<String, List<Path>> places, Consumer<String> notices) {
    this.threads = threads;
    this.clock = clock;
    this.places = places;
    this.notices = notices;
  }

  @Override
  public Optional<String> refusal(RunConfig config) {
    return Refusal.of(config);
  }

  @Override
  public Optional<String> missing(RunConfig config) {
    return RunData.missing(config, places);
  }

  @Override
  public Size size(RunConfig config) {
    long weights = Float.BYTES * Models.parameters(Models.shape(config));
    long headers = CHECKPOINT_EXTRA + HEADER_PER_LAYER * config.model().nLayer();
    return new Size(3 * weights + 3 * headers, weights + headers);
  }

  @Override
  public String device() {
    return "cpu, " + threads + (threads == 1 ? " thread" : " threads");
  }

  /**
   * {@inheritDoc}
   *
   * <p>A base that another version of the kernels computed is continued, and said so: only the bits
   * differ from an uninterrupted run.
   */
  @Override
  public Session start(RunConfig config, @Nullable Snapshot base) {
    refusal(config)
        .ifPresent(
            reason -> {
              throw new TrainingFailure(FailureClass.CONFIG, reason);
            });
    RunData data = RunData.open(config, places);
    if (config.system().dtype().equals("bfloat16") && saidFloat32.compareAndSet(false, true)) {
      notices.accept("system.dtype = \"bfloat16\": on the CPU this trains in float32.");
    }
    Kernels kernels = new CpuKernels(threads);
    try {
      LocalSession session = new LocalSession(config, data, kernels, clock);
      if (base == null) {
        session.initialise();
      } else {
        resume(session, (TrainingState) base, kernels.version());
      }
      return session;
    } catch (OutOfMemoryError e) {
      kernels.close();
      throw new TrainingFailure(
          FailureClass.OOM, "The model does not fit into this process's memory.", e);
    } catch (RuntimeException e) {
      kernels.close();
      throw e;
    }
  }

  private void resume(LocalSession session, TrainingState state, String version) {
    String before = state.numerics().kernels();
    if (!before.equals(version)) {
      notices.accept(
          "The checkpoint was computed by kernels "
              + before
              + ", these are "
              + version
              + ": the run goes on, with other roundings.");
    }
    session.resume(state);
  }
}
