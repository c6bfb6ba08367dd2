package dev.sweeprunner.testkit;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.LogEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A lock directory of which a test tells the state; it can be looked at and reset, not claimed. */
public final class ToldClaims implements Claims {
  private final Map<String, ClaimState> states = new HashMap<>();
  private final Map<String, List<LogEnd>> histories = new HashMap<>();
  private final Map<String, Long> earlier = new HashMap<>();
  private final List<String> resets = new ArrayList<>();
  private final List<String> looks = new ArrayList<>();
  private final Set<String> ended = new HashSet<>();
  private final Set<String> beating = new HashSet<>();
  private final Set<String> late = new HashSet<>();

  /** From now on {@link #look} says this. */
  public ToldClaims tell(RunKey key, ClaimState state) {
    states.put(key.runId(), state);
    return this;
  }

  /** From now on {@link #history} says this. */
  public ToldClaims tell(RunKey key, List<LogEnd> history) {
    histories.put(key.runId(), history);
    return this;
  }

  /** From now on the earlier runner's newest checkpoint of this run is one of this iteration. */
  public ToldClaims tellEarlier(RunKey key, long iter) {
    earlier.put(key.runId(), iter);
    return this;
  }

  /** From now on a hint says that the log has ended. */
  public ToldClaims end(RunKey key) {
    ended.add(key.runId());
    return this;
  }

  /** From now on the owner of this run beats between any two looks. */
  public ToldClaims beats(RunKey key) {
    beating.add(key.runId());
    return this;
  }

  /** From now on its beat stands still. */
  public ToldClaims stands(RunKey key) {
    beating.remove(key.runId());
    late.add(key.runId());
    return this;
  }

  /** Run ids that were looked at since this was last asked, in order. */
  public List<String> takeLooks() {
    List<String> taken = List.copyOf(looks);
    looks.clear();
    return taken;
  }

  /** Run ids that were reset, in order. */
  public List<String> resets() {
    return resets;
  }

  @Override
  public Listing list(String project) {
    return new Listing(Set.copyOf(ended), new HashSet<>(states.keySet()));
  }

  @Override
  public ClaimState look(RunKey key) {
    looks.add(key.runId());
    return states.getOrDefault(key.runId(), new ClaimState.Unclaimed());
  }

  @Override
  public boolean stillHeld(RunKey key) {
    return beating.contains(key.runId());
  }

  @Override
  public boolean beatsInTime(RunKey key) {
    return !late.contains(key.runId());
  }

  @Override
  public Optional<Claim> claim(RunKey key, String configSha256, ClaimState basis) {
    throw new AssertionError("nothing here may claim a run");
  }

  @Override
  public void conclude(RunKey key) {
    throw new AssertionError("nothing here may conclude a run");
  }

  @Override
  public Optional<LogEnd> reset(RunKey key) {
    if (!(look(key) instanceof ClaimState.Logged logged)) {
      return Optional.empty();
    }
    if (logged.end().finish() != null) {
      throw new UserError(key.runId(), "it is finished", "There is nothing to reset");
    }
    if (logged.owner() != null && !logged.owner().dead()) {
      throw new UserError(key.runId(), "it is claimed", "Stop its worker first");
    }
    resets.add(key.runId());
    return Optional.of(logged.end());
  }

  @Override
  public EarlierTraces earlier(RunKey key, @Nullable Goal goal) {
    Long iter = earlier.get(key.runId());
    if (iter == null) {
      return EarlierTraces.NONE;
    }
    EarlierTraces.Kind kind =
        goal == null
            ? EarlierTraces.Kind.UNDECIDED
            : iter >= goal.maxIters() ? EarlierTraces.Kind.FINISHED : EarlierTraces.Kind.PARTIAL;
    return new EarlierTraces(kind, "latest: iter_num " + iter, iter);
  }

  @Override
  public List<LogEnd> history(RunKey key) {
    return histories.getOrDefault(key.runId(), List.of());
  }

  @Override
  public List<Finding> findings() {
    return List.of();
  }
}
