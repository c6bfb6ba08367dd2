package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.wandb.api.FinishedPage;
import dev.sweeprunner.wandb.api.FinishedPage.FinishedRun;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.registry.Answer.Failed;
import dev.sweeprunner.wandb.registry.Answer.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which points of a grid were finished under other ids: a finished run of the same project that is
 * none of this grid's own and has the config of a point. Both sides are indexed by a digest, so the
 * work grows with their sum.
 */
final class AdoptionTopic implements Answer.Topic<AdoptionTopic.Adopted> {
  private static final int POINTS_PER_SIGN = 1000;

  private final Points points;
  private final RunIds ids;
  private final @Nullable RunSource source;
  private final int mostRuns;

  /**
   * The adoptions of this grid.
   *
   * @param mostRuns how many finished runs are looked through
   */
  AdoptionTopic(Points points, RunIds ids, @Nullable RunSource source, int mostRuns) {
    this.points = points;
    this.ids = ids;
    this.source = source;
    this.mostRuns = mostRuns;
  }

  /**
   * What was found.
   *
   * @param as run id to the id under which it was finished
   * @param cut whether there were more finished runs than are looked through
   */
  record Adopted(Map<String, String> as, boolean cut) {}

  @Override
  public Adopted nothing() {
    return new Adopted(Map.of(), false);
  }

  @Override
  public Reply<Adopted> ask(@Nullable Adopted before, Runnable alive) {
    Adopted known = before == null ? nothing() : before;
    try {
      Candidates candidates = candidates(alive);
      return new Reply<>(new Adopted(match(candidates, alive), candidates.cut), null);
    } catch (WandbFailure e) {
      return new Reply<>(known, Failed.of(e));
    } catch (RuntimeException e) {
      return new Reply<>(known, Failed.unexpectedly(e));
    }
  }

  private Candidates candidates(Runnable alive) throws WandbFailure {
    if (source == null) {
      throw new IllegalStateException("nobody to ask");
    }
    Candidates candidates = new Candidates();
    if (ids.size() == 0) {
      return candidates;
    }
    List<String> keys = keys();
    String after = null;
    do {
      FinishedPage page = source.finished(after, keys);
      page.runs().forEach(candidates::add);
      alive.run();
      String next = page.next();
      // A server that names the same page again would never end.
      after = next == null || next.equals(after) ? null : next;
      candidates.cut = after != null && candidates.seen.size() >= mostRuns;
    } while (after != null && !candidates.cut);
    return candidates;
  }

  /** The sections, and each of their keys with its section before it. */
  private List<String> keys() {
    List<String> keys = new ArrayList<>(ComparableConfig.SECTIONS);
    Map<String, @Nullable Object> config = config(points.at(0).config());
    for (String section : ComparableConfig.SECTIONS) {
      if (config.get(section) instanceof Map<?, ?> object) {
        object.keySet().forEach(key -> keys.add(section + "." + key));
      }
    }
    return keys;
  }

  private Map<String, String> match(Candidates candidates, Runnable alive) {
    Map<String, String> as = new LinkedHashMap<>();
    if (candidates.byDigest.isEmpty()) {
      return as;
    }
    for (int i = 0; i < points.size(); i++) {
      if (i % POINTS_PER_SIGN == 0) {
        alive.run();
      }
      if (points.isDuplicate(i)) {
        continue;
      }
      RunConfig config = points.at(i).config();
      Optional<FinishedRun> same =
          ComparableConfig.digest(config(config)).map(candidates.byDigest::get);
      if (same.isPresent() && Goal.of(config).reached(same.get().iter())) {
        as.put(points.runId(i), same.get().runId());
      }
    }
    return as;
  }

  private static Map<String, @Nullable Object> config(RunConfig config) {
    try {
      return Json.object(config.canonicalJson().getBytes(StandardCharsets.UTF_8));
    } catch (UnreadableJson e) {
      throw new IllegalStateException(e);
    }
  }

  /** Finished runs that are none of the grid's, by the digest of their config. */
  private final class Candidates {
    private final Set<String> seen = new HashSet<>();
    private final Map<String, FinishedRun> byDigest = new HashMap<>();
    private boolean cut;

    void add(FinishedRun run) {
      // Points of one grid may differ in what is not compared; they never stand for each other, nor
      // does a run that a point's program wrote beside its own, ID-2.
      String of = run.runId().replaceFirst("-[0-9]+$", "");
      if (seen.add(run.runId()) && !ids.contains(run.runId()) && !ids.contains(of)) {
        FinishedRun bare = new FinishedRun(run.runId(), Map.of(), run.iter());
        ComparableConfig.digest(run.config())
            .ifPresent(digest -> byDigest.merge(digest, bare, Candidates::better));
      }
    }

    private static FinishedRun better(FinishedRun one, FinishedRun other) {
      if (one.iter() != other.iter()) {
        return one.iter() > other.iter() ? one : other;
      }
      return one.runId().compareTo(other.runId()) <= 0 ? one : other;
    }
  }

  @Override
  public Map<String, Object> encode(Adopted content) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("cut", content.cut());
    members.put("adopted", content.as());
    return members;
  }

  @Override
  public Adopted decode(Fields content) throws UnreadableJson {
    Map<String, String> as = new HashMap<>();
    content.object("adopted").members().forEach((id, other) -> as.put(id, String.valueOf(other)));
    return new Adopted(as, content.flag("cut"));
  }
}
