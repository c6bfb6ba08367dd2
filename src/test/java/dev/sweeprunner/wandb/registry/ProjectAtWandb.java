package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.wandb.api.FinishedPage;
import dev.sweeprunner.wandb.api.FinishedPage.FinishedRun;
import dev.sweeprunner.wandb.api.RunState;
import dev.sweeprunner.wandb.api.States;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A project with the runs that a test puts there; it counts its questions. */
final class ProjectAtWandb implements RunSource {
  static final Instant SERVER_TIME = Instant.parse("2030-05-01T12:00:00Z");

  private final Map<String, RunState> states = new HashMap<>();
  private final List<FinishedRun> finished = new ArrayList<>();
  private final List<List<String>> questions = new ArrayList<>();
  private final List<List<String>> keys = new ArrayList<>();
  private int perPage = 1000;
  private int healthy = Integer.MAX_VALUE;
  private @Nullable WandbFailure failure;

  void put(String runId, String state, @Nullable Instant heartbeat, long iter) {
    states.put(runId, new RunState(runId, state, heartbeat, iter));
  }

  void put(RunState run) {
    states.put(run.runId(), run);
  }

  void putFinished(String runId, Map<String, @Nullable Object> config, long iter) {
    finished.add(new FinishedRun(runId, config, iter));
  }

  /** Pages overlap by one run, as the server's may. */
  void perPage(int runs) {
    perPage = runs;
  }

  /** Fails from the question after the next {@code questions} on; null ends it. */
  void failAfter(int questions, @Nullable WandbFailure with) {
    healthy = questions;
    failure = with;
  }

  /** The ids of each question for states. */
  List<List<String>> questions() {
    return questions;
  }

  /** The keys of each question for finished runs. */
  List<List<String>> pages() {
    return keys;
  }

  private void failIfIll() throws WandbFailure {
    if (failure != null && healthy-- <= 0) {
      throw failure;
    }
  }

  @Override
  public States states(List<String> runIds) throws WandbFailure {
    questions.add(List.copyOf(runIds));
    failIfIll();
    return new States(
        runIds.stream().map(states::get).filter(Objects::nonNull).toList(), SERVER_TIME);
  }

  @Override
  public FinishedPage finished(@Nullable String after, List<String> configKeys)
      throws WandbFailure {
    keys.add(List.copyOf(configKeys));
    failIfIll();
    int from = after == null ? 0 : Integer.parseInt(after);
    int to = Math.min(finished.size(), from + perPage);
    return new FinishedPage(
        finished.subList(Math.max(0, from - 1), to),
        to < finished.size() ? Integer.toString(to) : null);
  }
}
