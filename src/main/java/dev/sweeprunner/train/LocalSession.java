package dev.sweeprunner.train;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.data.Batch;
import dev.sweeprunner.train.data.Evaluation;
import dev.sweeprunner.train.data.RunData;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.DeviceFailure;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.Traits;
import dev.sweeprunner.train.model.FirstValues;
import dev.sweeprunner.train.model.Gpt;
import dev.sweeprunner.train.model.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run in training. Everything it needs beside parameters and moments is a function of the
 * config and the iteration.
 */
final class LocalSession implements Training.Session {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double PERCENT = 100;
  private static final double BYTES_PER_GIB = 1L << 30;
  private static final long MOST_ROWS = 1 << 20;

  private final BuiltinConfig config;
  private final RunData data;
  private final Kernels kernels;
  private final Gpt gpt;
  private final Clock clock;
  private final AdamW settings;
  private final Batch evaluationBatch;
  private final BatchFeed batches;
  private final long rowsPerIteration;
  private final long targetsPerIteration;

  private long iter;
  private @Nullable Double bestValidationLoss;

  /** Allocates the model; takes over {@code kernels}, unless this fails. */
  LocalSession(BuiltinConfig config, RunData data, Kernels kernels, Clock clock) {
    BuiltinConfig.Training training = config.training();
    BuiltinConfig.Optimizer optimizer = config.optimizer();
    int length = config.model().blockSize();
    this.config = config;
    this.data = data;
    this.kernels = kernels;
    this.clock = clock;
    this.settings =
        new AdamW(
            optimizer.beta1(), optimizer.beta2(), optimizer.weightDecay(), optimizer.gradClip());
    this.evaluationBatch = new Batch(training.batchSize(), length);
    this.rowsPerIteration = training.rowsPerIteration();
    this.targetsPerIteration = rowsPerIteration * (length - 1);
    int atOnce = (int) Math.min(rowsPerIteration, MOST_ROWS);
    this.gpt = new Gpt(kernels, Models.shape(config, data), atOnce);
    this.batches = new BatchFeed(data, gpt, rowsPerIteration, length, training.seed());
  }

  /**
   * Starts a run.
   *
   * @param places where the file with its first weights may be, if it names one
   * @throws TrainingFailure if that is not there, or does not fit
   */
  void initialise(Function<String, List<Path>> places) {
    long seed = config.training().seed();
    if (!StartWeights.wanted(config)) {
      gpt.initialise(seed, FirstValues.NONE, Models.copies(config));
      return;
    }
    try (StartWeights start = StartWeights.open(config, Models.shape(config, data), places)) {
      gpt.initialise(seed, start, Models.copies(config));
      start.requireAllTaken();
    }
  }

  /**
   * Continues from a checkpoint of this config.
   *
   * @throws TrainingFailure if it is another config's, or the data files changed meanwhile
   */
  void resume(TrainingState state) {
    if (!state.configSha256().equals(config.sha256())) {
      throw new TrainingFailure(
          FailureClass.CONFIG,
          "The checkpoint belongs to the config with SHA-256 " + state.configSha256() + ".");
    }
    long row = state.iter() * rowsPerIteration;
    Map<String, Long> offsets = data.offsets(row);
    if (state.position().row() != row || !state.position().offsets().equals(offsets)) {
      throw new TrainingFailure(
          FailureClass.DATA,
          ("The training data changed since the checkpoint: it stood at row %s, offsets %s; now"
                  + " iteration %s is row %s, offsets %s.")
              .formatted(
                  state.position().row(), state.position().offsets(), state.iter(), row, offsets));
    }
    gpt.load(byName(state.tensors().weights()), byName(state.tensors().optimizer()));
    iter = state.iter();
    bestValidationLoss = state.bestValidationLoss();
  }

  @Override
  public long iter() {
    return iter;
  }

  @Override
  public long maxIters() {
    return config.training().maxIters();
  }

  @Override
  public Training.Pausing train(
      LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
    long start = iter;
    try {
      while (iter < maxIters()) {
        if (stop.requested()) {
          return Training.Pausing.STOPPED;
        }
        if (iter > start && due.test(iter)) {
          return Training.Pausing.DUE;
        }
        if (!step(stop, rows)) {
          return Training.Pausing.STOPPED;
        }
        completed.accept(iter - 1);
      }
      return Training.Pausing.COMPLETE;
    } catch (OutOfMemoryError e) {
      throw new TrainingFailure(FailureClass.OOM, "Out of memory in iteration " + iter + ".", e);
    } catch (DeviceFailure e) {
      throw Devices.failure("In iteration " + iter, kernels.traits().device(), e);
    }
  }

  @Override
  public void evaluateLast(Consumer<Row> rows) {
    Map<String, Double> values =
        onDevice("In the last evaluation", () -> evaluate(Optional::empty).orElseThrow());
    if (!values.isEmpty()) {
      remember(values);
      rows.accept(new Row(iter, Collections.unmodifiableMap(values), Map.of()));
    }
  }

  @Override
  public Snapshot snapshot() {
    long row = iter * rowsPerIteration;
    Traits traits = kernels.traits();
    return new TrainingState(
        iter,
        config.sha256(),
        config.training().seed(),
        new TrainingState.Position(row, data.offsets(row)),
        bestValidationLoss,
        new TrainingState.Numerics(traits.version(), traits.device(), traits.dtype()),
        onDevice(
            "At the checkpoint of iteration " + iter,
            () -> new TrainingState.Tensors(gpt.weights(), gpt.optimizerState())));
  }

  /** A thread per checkpoint where the device trains on meanwhile; there is one at a time. */
  @Override
  public Executor saver() {
    return kernels.traits().apart() ? LocalSession::aside : Runnable::run;
  }

  private static void aside(Runnable work) {
    Thread thread = new Thread(work, "checkpoint");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    gpt.close();
    kernels.close();
  }

  /** Evaluation and update of the current boundary; false if a stop came first. */
  private boolean step(StopSignal stop, Consumer<Row> rows) {
    Map<String, Double> evaluated = Map.of();
    if (iter % config.training().evalInterval() == 0) {
      Optional<Map<String, Double>> whole = evaluate(stop);
      if (whole.isEmpty()) {
        return false;
      }
      evaluated = whole.get();
    }
    long began = clock.nanos();
    for (int slice = 0; slice < batches.slices(); slice++) {
      if (stop.requested()) {
        gpt.forget();
        return false;
      }
      batches.bring(iter, slice);
      gpt.accumulate(
          batches.rows(slice),
          (float) (1.0 / targetsPerIteration),
          (float) (1.0 / rowsPerIteration));
    }
    double rate = learningRate(config, iter);
    gpt.update(settings, rate, iter + 1);
    if (iter + 1 < maxIters()) {
      batches.prepare(iter + 1, 0);
    }
    double loss = finite("training loss", gpt.takeLoss() / targetsPerIteration);
    OptionalDouble telling = gpt.takeTelling();
    finite("gradient norm", gpt.takeNorm());
    remember(evaluated);
    if (iter % config.training().logInterval() == 0 || !evaluated.isEmpty()) {
      rows.accept(row(loss, telling, rate, evaluated, clock.nanos() - began));
    }
    iter++;
    return true;
  }

  /**
   * The learning rate of iteration {@code iter}: {@code lr·(i+1)/(warmup+1)} while i &lt; warmup,
   * then constant.
   */
  static double learningRate(BuiltinConfig config, long iter) {
    double rate = config.optimizer().learningRate();
    long warmup = config.lr().warmupIters();
    return iter < warmup ? rate * (iter + 1) / (warmup + 1) : rate;
  }

  /** Mean losses by metric, or empty if a stop came first. */
  private Optional<Map<String, Double>> evaluate(StopSignal stop) {
    Map<String, Double> losses = new LinkedHashMap<>();
    for (Evaluation evaluation : data.evaluations()) {
      double sum = 0;
      long targets = 0;
      for (int index = 0; index < config.training().evalIters(); index++) {
        if (stop.requested()) {
          return Optional.empty();
        }
        evaluation.fill(iter, index, evaluationBatch);
        sum +=
            gpt.loss(
                evaluationBatch.rows(),
                evaluationBatch.inputs(),
                evaluationBatch.targets(),
                evaluationBatch.compartments());
        targets += evaluationBatch.countedTargets();
      }
      losses.put(evaluation.metric(), finite(evaluation.metric(), sum / targets));
    }
    return Optional.of(losses);
  }

  /** Only once the boundary's update is done: a repeated evaluation must find the same state. */
  private void remember(Map<String, Double> evaluated) {
    for (Evaluation evaluation : data.evaluations()) {
      Double loss = evaluated.get(evaluation.metric());
      if (loss != null && evaluation.decides()) {
        bestValidationLoss = bestValidationLoss == null ? loss : Math.min(bestValidationLoss, loss);
      }
    }
  }

  private Row row(
      double loss, OptionalDouble telling, double rate, Map<String, Double> evaluated, long nanos) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train/loss", loss);
    telling.ifPresent(
        sum -> values.put("train/dann_loss", finite("DANN loss", sum / rowsPerIteration)));
    values.put("lr", rate);
    values.putAll(evaluated);
    long elapsed = Math.max(nanos, 1);
    double tokens = (double) rowsPerIteration * evaluationBatch.length();
    double peak = kernels.traits().peakFlops();
    Map<String, Double> wall = new LinkedHashMap<>();
    wall.put("time_ms", elapsed / NANOS_PER_MILLI);
    wall.put("tokens_per_s", tokens * NANOS_PER_SECOND / elapsed);
    if (peak > 0) {
      double flops = tokens * gpt.flopsPerToken() * NANOS_PER_SECOND / elapsed;
      wall.put("mfu", PERCENT * flops / peak);
      wall.put("device_memory_gib", kernels.memory() / BYTES_PER_GIB);
    }
    return new Row(iter, Collections.unmodifiableMap(values), Collections.unmodifiableMap(wall));
  }

  private double finite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new TrainingFailure(
          FailureClass.NUMERIC, "The " + what + " of iteration " + iter + " is " + value + ".");
    }
    return value;
  }

  private <T> T onDevice(String where, Supplier<T> work) {
    try {
      return work.get();
    } catch (DeviceFailure e) {
      throw Devices.failure(where, kernels.traits().device(), e);
    }
  }

  private static Map<String, float[]> byName(List<Tensor> tensors) {
    Map<String, float[]> values = new HashMap<>();
    tensors.forEach(tensor -> values.put(tensor.name(), tensor.values()));
    return values;
  }
}
