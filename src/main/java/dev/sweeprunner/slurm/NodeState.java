package dev.sweeprunner.slurm;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.HostAnswers;
import dev.sweeprunner.process.Command.Outcome;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Place;
import dev.sweeprunner.run.SlurmTask;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The node of this process's job, as {@code scontrol show node} has it: on one that is draining,
 * Slurm starts nothing more, and whoever works there gives its place up between two runs.
 *
 * <p>Asked beside the work, by one process of the host in four times {@code slurm.fresh}. Without
 * an answer the node is not draining. Any thread.
 */
final class NodeState implements Place {
  private static final Pattern STATE = Pattern.compile("(?:^|\\s)State=(\\S+)");

  /** Nobody is in a hurry to leave, and each host asks for its own node. */
  private static final int RARELY = 4;

  private final SlurmCommands slurmCommands;
  private final HostAnswers answers;
  private final Clock clock;
  private final Executor executor;
  private final Slurm.Options options;
  private final Supplier<@Nullable SlurmTask> own;
  private final Consumer<String> leave;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile boolean draining;
  private volatile @Nullable Long asked;

  /**
   * The node of a job.
   *
   * @param host for the answers that this user's processes share on this host
   * @param own that job; null outside Slurm
   * @param leave asks this process to stop, for the reason given; called once
   */
  NodeState(
      SlurmCommands slurmCommands,
      FileSystem files,
      Path host,
      Clock clock,
      Executor executor,
      Slurm.Options options,
      Supplier<@Nullable SlurmTask> own,
      Consumer<String> leave) {
    this.slurmCommands = slurmCommands;
    this.answers = new HostAnswers(files, host, clock::now);
    this.clock = clock;
    this.executor = executor;
    this.options = options;
    this.own = own;
    this.leave = leave;
  }

  @Override
  public boolean takesMore() {
    SlurmTask task = own.get();
    String node = task == null ? null : task.node();
    if (node == null) {
      return true;
    }
    look(node);
    if (draining && told.compareAndSet(false, true)) {
      leave.accept("node " + node + " is draining: this task takes no further run");
    }
    return !draining;
  }

  private void look(String node) {
    Long last = asked;
    long now = clock.nanos();
    if ((last == null || now - last >= fresh().toNanos()) && asking.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              draining = shared(node).or(() -> ask(node)).orElse(false);
              asked = clock.nanos();
            } finally {
              asking.set(false);
            }
          });
    }
  }

  private Duration fresh() {
    return options.fresh().multipliedBy(RARELY);
  }

  private Optional<Boolean> shared(String node) {
    return answers.find(
        name(node),
        (in, age) ->
            age.compareTo(fresh()) < 0
                    && in.text("configuration").equals(options.configuration())
                    && in.text("node").equals(node)
                ? in.flag("draining")
                : null);
  }

  private Optional<Boolean> ask(String node) {
    Instant at = clock.now();
    Optional<Boolean> told =
        state(slurmCommands.run(options.timeout(), command(node)))
            .map(state -> state.contains("DRAIN"));
    told.ifPresent(
        answer ->
            answers.keep(
                name(node),
                at,
                Map.of(
                    "configuration", options.configuration(), "node", node, "draining", answer)));
    return told;
  }

  private static List<String> command(String node) {
    return List.of("scontrol", "-o", "show", "node", node);
  }

  /** For example {@code MIXED+DRAIN}. */
  private static Optional<String> state(Outcome outcome) {
    if (!(outcome instanceof Outcome.Ended ended) || ended.exit() != 0) {
      return Optional.empty();
    }
    Matcher state = STATE.matcher(ended.out());
    return state.find() ? Optional.of(state.group(1)) : Optional.empty();
  }

  /** Several nodes may share a host's folders: those of a test, or a container's. */
  private static String name(String node) {
    return "node-" + node.replaceAll("[^A-Za-z0-9._-]+", "-") + ".json";
  }
}
