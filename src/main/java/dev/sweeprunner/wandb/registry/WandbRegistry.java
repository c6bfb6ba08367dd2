package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.wandb.api.FinishedPage;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.States;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.registry.Adoption.Adopter;
import dev.sweeprunner.wandb.registry.SharedAnswer.View;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What W&amp;B knows of one sweep's runs, from the answer that all workers of a storage root share
 * (see {@link SharedAnswer}): asking costs one request per 200 runs that are not finished, once per
 * {@link Options#fresh} and storage root, however many workers there are.
 *
 * <p>Nothing throws; whatever goes wrong is {@link Remote.Unknown} with one sentence. An id that
 * W&amp;B was asked for and did not name is {@link Remote.NotFound}. A run that finished with all
 * its iterations stays known, also while W&amp;B cannot be asked.
 *
 * <p>Belongs to the worker's thread, which waits for the network while it is the one that asks, and
 * up to 45 s for another one's answer where there is none yet. Killed at any moment it leaves at
 * most a file that others overtake after a minute.
 */
public final class WandbRegistry implements Registry {
  private static final Duration ADOPTION_FRESH = Duration.ofMinutes(10);
  private static final int MOST_FINISHED = 30_000;

  private final RunIds ids;
  private final SharedAnswer<KnownRuns> shared;
  private final @Nullable Adoption adoption;
  private final boolean askable;
  private final boolean asks;
  private final String project;
  private final Consumer<String> warnings;

  /** A registry of these points, for tests with another source. */
  WandbRegistry(
      Points points,
      String project,
      @Nullable RunSource source,
      RegistryPorts ports,
      Options options) {
    this.ids = RunIds.of(points);
    this.askable = source != null;
    this.asks = options.mayAsk() && askable;
    this.project = project;
    this.warnings = options.warnings();
    String slug = points.projectSlug();
    String name = ids.name(project);
    this.shared =
        new SharedAnswer<>(
            new StatesTopic(ids, points, source),
            ports,
            place(ports.layout(), slug, name),
            options.fresh());
    this.adoption =
        options.adopts()
            ? new Adoption(
                new SharedAnswer<>(
                    new AdoptionTopic(points, ids, source, MOST_FINISHED),
                    ports,
                    place(ports.layout(), slug, name + "-adopted"),
                    ADOPTION_FRESH),
                asks,
                options.warnings())
            : null;
  }

  /**
   * How W&amp;B is asked.
   *
   * @param mayAsk whether a look may ask; if not, only {@link #refresh} does
   * @param adopts whether runs that finished under other ids count
   * @param fresh how old an answer may become before one worker asks again
   * @param warnings receives what the user should know once
   */
  public record Options(
      boolean mayAsk, boolean adopts, Duration fresh, Consumer<String> warnings) {}

  /**
   * A registry that asks this client.
   *
   * @param entity whose project it is; asked for when it is needed first
   * @param project as W&amp;B names it
   */
  public static WandbRegistry of(
      WandbClient client,
      Entity entity,
      String project,
      Points points,
      RegistryPorts ports,
      Options options) {
    WandbClient patient = client.with(Patience.brief());
    // One chunk is asked for again soon enough; of many, one hiccup must not spoil the whole.
    WandbClient once = client.with(new Patience(1, Duration.ofSeconds(30), Duration.ofSeconds(20)));
    boolean oneChunk = points.size() <= RunSource.MOST_IDS;
    RunSource source = new ClientSource(oneChunk ? once : patient, patient, entity, project);
    return new WandbRegistry(points, project, source, ports, options);
  }

  /** A registry that only reads what the workers have shared, whatever its age. */
  public static WandbRegistry reading(
      String project, Points points, boolean adopts, RegistryPorts ports) {
    Options never = new Options(false, adopts, Duration.ofSeconds(30), warning -> {});
    return new WandbRegistry(points, project, null, ports, never);
  }

  /** Whether the run is one of this sweep. */
  public boolean covers(String runId) {
    return ids.contains(runId);
  }

  /**
   * Asks now, or waits for somebody who is asking; where the newest answer is a few seconds old, or
   * W&amp;B wants no question yet, says so instead.
   */
  public void refresh() {
    if (!askable) {
      return;
    }
    View<KnownRuns> kept = shared.refresh();
    if (kept != null) {
      Answer.Failed failed = kept.answer().failed();
      warnings.accept(
          "--refresh asks W&B nothing now: it was asked about "
              + project
              + " "
              + kept.age().toSeconds()
              + " s ago"
              + (failed == null
                  ? ", and that answer stands"
                  : " and is left alone for a while: " + failed.why()));
    }
    if (adoption != null) {
      adoption.refresh();
    }
  }

  @Override
  public Remote state(String runId) {
    int place = ids.place(runId);
    if (place < 0) {
      return new Remote.Unknown("W&B was not asked for " + runId + ": it is no run of this sweep");
    }
    View<KnownRuns> view = asks ? shared.current() : shared.look();
    Remote remote = view == null ? unasked() : remote(view, place);
    if (adoption == null || settled(remote, view, place)) {
      return remote;
    }
    Adopter adopter = adoption.of(runId);
    return adopter == null ? remote : new Remote.Adopted(adopter.as(), adopter.view().age());
  }

  private Remote unasked() {
    return new Remote.Unknown(
        asks ? "W&B has not answered yet" : "nobody has asked W&B yet; --refresh asks");
  }

  private Remote remote(View<KnownRuns> view, int place) {
    KnownRuns runs = view.answer().content();
    KnownRuns.Row row = runs.at(place);
    if (row != null && row.whole()) {
      return found(view, row);
    }
    Answer.Failed failed = view.answer().failed();
    if (place >= runs.answered()) {
      return new Remote.Unknown(failed == null ? "W&B has not answered wholly" : failed.why());
    }
    if (asks && !view.current()) {
      return new Remote.Unknown(
          "W&B's newest answer is " + view.age().toMinutes() + " min old and nobody renews it");
    }
    return row == null ? new Remote.NotFound(view.age()) : found(view, row);
  }

  private static Remote found(View<KnownRuns> view, KnownRuns.Row row) {
    Duration silent = view.answer().content().sinceHeartbeat(row);
    RemoteState state =
        new RemoteState(row.state(), row.iter(), silent == null ? null : silent.plus(view.age()));
    return new Remote.Found(state, row.shown().cluster(), row.shown().metrics(), view.age());
  }

  /** Whether the run's own state at W&amp;B goes before that of a twin. */
  private static boolean settled(Remote remote, @Nullable View<KnownRuns> view, int place) {
    if (!(remote instanceof Remote.Found found) || view == null) {
      return false;
    }
    KnownRuns.Row row = view.answer().content().at(place);
    return found.state().working() || (row != null && row.whole());
  }

  private static SharedAnswer.Place place(Layout layout, String slug, String name) {
    return new SharedAnswer.Place(
        layout.wandbAnswer(slug, name), generation -> layout.wandbAsk(slug, name, generation));
  }

  /** The questions about one project, each to a client as patient as it needs. */
  private record ClientSource(
      WandbClient forStates, WandbClient forPages, Entity entity, String project)
      implements RunSource {
    @Override
    public States states(List<String> runIds) throws WandbFailure {
      return forStates.states(entity.name(), project, runIds);
    }

    @Override
    public FinishedPage finished(@Nullable String after, List<String> configKeys)
        throws WandbFailure {
      return forPages.finished(entity.name(), project, after, configKeys);
    }
  }
}
