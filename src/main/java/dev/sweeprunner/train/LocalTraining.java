package dev.sweeprunner.train;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.data.RunData;
import dev.sweeprunner.train.data.TokenCounts;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.Traits;
import dev.sweeprunner.train.model.Gpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Trains on one device of this machine.
 *
 * <p>Questions about configs may come from any thread; each session belongs to one.
 */
public final class LocalTraining implements Training {
  /** Headers, manifest and state of a checkpoint, roughly, and per parameter tensor. */
  private static final long CHECKPOINT_EXTRA = 4096;

  private static final long HEADER_PER_LAYER = 2048;
  private static final int LONGEST_NAME = 60;
  private static final int HASH_DIGITS = 16;

  private final Devices devices;
  private final Clock clock;
  private final Function<String, List<Path>> places;
  private final Consumer<String> notices;
  private final TokenCounts counts = new TokenCounts();
  private final AtomicBoolean saidFloat32 = new AtomicBoolean();

  /**
   * A trainer.
   *
   * @param devices what trains
   * @param clock for the wall-clock part of rows only
   * @param places the absolute paths that a relative one in a config may mean, in order
   * @param notices takes sentences for the user, each said once
   */
  public LocalTraining(
      Devices devices, Clock clock, Function<String, List<Path>> places, Consumer<String> notices) {
    this.devices = devices;
    this.clock = clock;
    this.places = places;
    this.notices = notices;
  }

  @Override
  public Optional<String> refusal(RunConfig config) {
    return Refusal.of(own(config));
  }

  @Override
  public Optional<String> missing(RunConfig config) {
    return RunData.missing(own(config), places).or(() -> StartWeights.missing(own(config), places));
  }

  @Override
  public Size size(RunConfig config) {
    long weights = Float.BYTES * Models.parameters(Models.shape(own(config)));
    long headers = CHECKPOINT_EXTRA + HEADER_PER_LAYER * own(config).model().nLayer();
    return new Size(3 * weights + 3 * headers, weights + headers);
  }

  @Override
  public String device() {
    return devices.name();
  }

  /**
   * {@inheritDoc}
   *
   * <p>A base that another version of the kernels computed is continued, and said so: only the bits
   * differ from an uninterrupted run.
   */
  @Override
  public Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    return start(own(run.point().config()), base);
  }

  /**
   * The state of another program as the start of this run.
   *
   * @param moments AdamW's, or null for none: all of them zero
   * @param iter updates that it has had, or -1: as the file says, else none
   * @throws UserError for files that do not fit the config, and data that are not here
   */
  public TrainingState imported(RunConfig config, Path weights, @Nullable Path moments, long iter) {
    BuiltinConfig own = own(config);
    RunData data = data(own);
    ImportedState.Read read =
        new ImportedState(Gpt.layout(Models.shape(own, data))).read(weights, moments);
    if (own.experiment().permuteTokensPerCompartment() && !read.config().equals(own.sha256())) {
      throw new UserError(
          weights.toString(),
          "this run permutes its tokens (experiment.permute_tokens_per_compartment) by random"
              + " numbers of its own, so that other weights know other tokens",
          "Import what export wrote of this run, or train it anew");
    }
    long updates = iter >= 0 ? iter : Math.max(read.iter(), 0);
    if (updates > own.training().maxIters()) {
      throw new UserError(
          "--iter " + updates,
          "the run ends at iteration " + own.training().maxIters(),
          "Give the number of updates that the weights have had");
    }
    long row = updates * own.training().rowsPerIteration();
    return new TrainingState(
        updates,
        own.sha256(),
        own.training().seed(),
        new TrainingState.Position(row, data.offsets(row)),
        null,
        TrainingState.Numerics.imported(),
        read.tensors());
  }

  /** A file in words that a record keeps: its name, and what tells it from others of that name. */
  public static String words(Path weights) {
    String name = String.valueOf(weights.getFileName());
    String kept = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
    try (InputStream in = Files.newInputStream(weights)) {
      return kept + " (SHA-256 " + Sha256.of(in).substring(0, HASH_DIGITS) + ")";
    } catch (IOException e) {
      throw new UserError(
          weights.toString(), "it cannot be read: " + Why.of(e), "Make it readable", e);
    }
  }

  /** What it trains on, by which it is known where it goes on, and which of its tokens are tied. */
  private RunData data(BuiltinConfig config) {
    Optional<String> missing = RunData.missing(config, places);
    if (missing.isPresent()) {
      throw new UserError(
          "", missing.get(), "Where the run goes on in its data is read off them: import it there");
    }
    try {
      return RunData.open(config, places, counts);
    } catch (TrainingFailure damaged) {
      String what = String.valueOf(damaged.getMessage()).replaceFirst("\\.$", "");
      throw new UserError("", what, "Mend the data first", damaged);
    }
  }

  /** A sweep is made for one trainer; its points have no other configs. */
  private static BuiltinConfig own(RunConfig config) {
    return (BuiltinConfig) config;
  }

  /** As the port's, of a config alone. */
  public Session start(BuiltinConfig config, @Nullable Snapshot base) {
    refusal(config)
        .ifPresent(
            reason -> {
              throw new TrainingFailure(FailureClass.CONFIG, reason);
            });
    RunData data = RunData.open(config, places, counts);
    try {
      return devices.open(wish(config), kernels -> session(config, data, kernels, base), notices);
    } catch (OutOfMemoryError e) {
      throw new TrainingFailure(
          FailureClass.OOM, "The model does not fit into this process's memory.", e);
    }
  }

  private static BackEnd.Wish wish(BuiltinConfig config) {
    return new BackEnd.Wish(
        config.system().dtype().equals("bfloat16"),
        config.model().nEmbd(),
        (int) Math.min(BackEnd.Wish.MOST_TOKENS, config.workPerIteration()));
  }

  private LocalSession session(
      BuiltinConfig config, RunData data, Kernels kernels, @Nullable Snapshot base) {
    Traits traits = kernels.traits();
    if (config.system().dtype().equals("bfloat16")
        && !traits.dtype().equals("bfloat16")
        && saidFloat32.compareAndSet(false, true)) {
      notices.accept(
          "system.dtype = \"bfloat16\": on "
              + ("cpu".equals(traits.device())
                  ? "the CPU"
                  : "this device, with n_embd = " + config.model().nEmbd() + ",")
              + " this trains in float32.");
    }
    LocalSession session = new LocalSession(config, data, kernels, clock);
    if (base == null) {
      session.initialise(places);
    } else {
      resume(session, (TrainingState) base, traits);
    }
    return session;
  }

  private void resume(LocalSession session, TrainingState state, Traits traits) {
    TrainingState.Numerics before = state.numerics();
    if (before.another()) {
      notices.accept("The checkpoint was imported: another program has trained it so far.");
      session.resume(state);
      return;
    }
    String then = before.kernels() + " on " + before.device() + " in " + before.dtype();
    String now = traits.version() + " on " + traits.device() + " in " + traits.dtype();
    if (!then.equals(now)) {
      notices.accept(
          ("The checkpoint was computed by kernels %s, these are %s: the run goes on, with other"
                  + " roundings.")
              .formatted(then, now));
    }
    session.resume(state);
  }
}
