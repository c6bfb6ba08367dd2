package dev.sweeprunner.config;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.Grid;
import dev.sweeprunner.sweep.Metric;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.PointSpace;
import dev.sweeprunner.sweep.SweepFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All points of one sweep with their run ids.
 *
 * <p>Every id is computed once, at the start; everything else of a point is computed from its index
 * when asked for, and not kept. Immutable; safe for all threads.
 */
public final class Points {
  private static final int MOST_POINTS = 20_000_000;
  private static final Pattern RUN_ID = Pattern.compile("[0-9a-f]{8}");

  private final SweepFile sweep;
  private final PointTemplate template;
  private final RunIdTable runIds;
  private final Map<String, Collision> collisions;
  private final Names names;
  private final boolean byProgram;

  private Points(
      SweepFile sweep,
      PointTemplate template,
      RunIdTable runIds,
      List<Collision> collisions,
      Names names,
      boolean byProgram) {
    this.sweep = sweep;
    this.template = template;
    this.runIds = runIds;
    this.collisions = new HashMap<>();
    collisions.forEach(collision -> this.collisions.put(collision.runId(), collision));
    this.names = names;
    this.byProgram = byProgram;
  }

  /**
   * The points of the built-in trainer's pipeline: reads the base TOML, checks the grid's values
   * and computes all run ids.
   *
   * @throws UserError for anything that is wrong with the sweep as a whole; a single point that
   *     breaks a rule is invalid instead
   */
  public static Points of(SweepFile sweep, Places places) {
    return of(sweep, places, RunIdHash.BLAKE2S);
  }

  /** As above, with another hash. */
  static Points of(SweepFile sweep, Places places, RunIdHash hash) {
    Names names = Names.ofPipeline(sweep);
    Grid grid = sweep.grid();
    return of(sweep, names, () -> ConfigTemplate.of(sweep, places), grid.size(), hash, false);
  }

  /**
   * Why the built-in trainer cannot have this sweep: the first of its parameters that is no setting
   * of a run; empty where every one is.
   */
  public static Optional<Misfit> misfit(SweepFile sweep) {
    return sweep.keys().stream()
        .filter(key -> Schema.find(key.text()) == null)
        .findFirst()
        .map(
            key ->
                new Misfit(
                    sweep.at(key.line()),
                    key.text(),
                    Schema.nearest(key.text()),
                    Schema.sections().contains(key.text().replaceFirst("\\..*", ""))));
  }

  /**
   * A parameter that is no setting of a run.
   *
   * @param where its place in the sweep file
   * @param nearest the setting that may be meant
   * @param ofSection whether it stands in one of the pipeline's sections
   */
  public record Misfit(String where, String key, Optional<String> nearest, boolean ofSection) {}

  /**
   * The points of a user's own program: its parameters are the whole config.
   *
   * @throws UserError if there are too many
   */
  public static Points ofProgram(SweepFile sweep, PointSpace space) {
    Names names = Names.ofProgram(sweep);
    PointTemplate template = new ProgramTemplate(space);
    return of(sweep, names, () -> template, space.size(), RunIdHash.BLAKE2S, true);
  }

  private static Points of(
      SweepFile sweep,
      Names names,
      Supplier<PointTemplate> reading,
      long size,
      RunIdHash hash,
      boolean byProgram) {
    if (size > MOST_POINTS) {
      throw new UserError(
          sweep.path().toString(),
          "the grid has " + size + " points, more than the " + MOST_POINTS + " kept in memory",
          "Split the sweep into several files or list fewer values");
    }
    PointTemplate template = reading.get();
    RunIdTable runIds = RunIdTable.of(template, (int) size, hash);
    return new Points(sweep, template, runIds, runIds.collisions(), names, byProgram);
  }

  /** The sweep these are the points of. */
  public SweepFile sweep() {
    return sweep;
  }

  /** Whether a program of the user's trains them, rather than the built-in trainer. */
  public boolean byProgram() {
    return byProgram;
  }

  /** The same points with the same ids, trained by a program of the user's. */
  public Points forProgram() {
    return new Points(sweep, template, runIds, collisions(), names, true);
  }

  /** How many points the grid has, doubles included. */
  public int size() {
    return (int) template.size();
  }

  /** One point with its whole config, computed anew at each call (some 10 microseconds). */
  public Point at(int index) {
    PointTemplate.Made made = template.make(index);
    String reason = refusedId(index);
    return new Point(
        index,
        overrides(index),
        made.config(),
        new RunKey(names.projectSlug(), names.groupSlug(), runId(index), made.seed()),
        reason == null ? made.broken() : reason);
  }

  /** The overrides of one point alone: no config is made. */
  public Map<String, @Nullable Object> overrides(int index) {
    return template.overrides(index);
  }

  /** The names of one point's run, without its typed config. */
  public RunKey key(int index) {
    return new RunKey(names.projectSlug(), names.groupSlug(), runId(index), template.seed(index));
  }

  /** The dotted keys that points override, in their order. */
  public List<String> keys() {
    return template.keys();
  }

  /** Those of {@link #keys} that take more than one value. */
  public List<String> varied() {
    return template.varied();
  }

  /** What {@link RunConfig#workPerIteration} counts for these points. */
  public String workUnit() {
    return template.workUnit();
  }

  /** Eight lower-case hex characters. */
  public String runId(int index) {
    return HexFormat.of().toHexDigits(runIds.bits(index));
  }

  /** The same id as 32 bits, its first character highest. */
  public int runIdBits(int index) {
    return runIds.bits(index);
  }

  /**
   * The point that has this run id: of doubles the first, of a collision the one that keeps it.
   * Empty for an id of no point and for what is no run id.
   */
  public OptionalInt indexOf(String runId) {
    if (!RUN_ID.matcher(runId).matches()) {
      return OptionalInt.empty();
    }
    Collision collision = collisions.get(runId);
    return collision != null
        ? OptionalInt.of(collision.keeper())
        : runIds.indexOf(HexFormat.fromHexDigits(runId));
  }

  /**
   * The first point in grid order with exactly this point's config; itself unless it is a double.
   */
  public int firstIndex(int index) {
    return runIds.first(index);
  }

  /** Whether an earlier point has exactly the same config: then both are one run. */
  public boolean isDuplicate(int index) {
    return runIds.first(index) != index;
  }

  /** Ids that several different configs have, in no particular order; usually none. */
  public List<Collision> collisions() {
    return List.copyOf(collisions.values());
  }

  /** Whether several different configs have this id. */
  public boolean collides(String runId) {
    return collisions.containsKey(runId);
  }

  /**
   * The same points, where each colliding id goes to the point whose config already holds it on
   * disk.
   *
   * @param holders run id to the SHA-256 of the canonical config in the claim log or {@code
   *     config.json}; an id that is missing, or whose holder is none of the points, stays with the
   *     first in grid order
   */
  public Points awarding(Map<String, String> holders) {
    List<Collision> awarded = new ArrayList<>();
    for (Collision collision : collisions.values()) {
      String holder = holders.get(collision.runId());
      int keeper =
          collision.indices().stream()
              .filter(index -> at(index).config().sha256().equals(holder))
              .findFirst()
              .orElse(collision.indices().get(0));
      awarded.add(new Collision(collision.runId(), collision.indices(), keeper));
    }
    return new Points(sweep, template, runIds, awarded, names, byProgram);
  }

  /** One line each: a missing method, unknown keys of sweep and TOML, and what is not used. */
  public List<String> warnings() {
    List<String> lines = new ArrayList<>(sweep.noMethod().stream().toList());
    lines.addAll(byProgram ? sweep.unknown() : sweep.warnings());
    if (byProgram) {
      lines.addAll(sweep.notes());
    } else if (!sweep.unused().isEmpty()) {
      lines.add(
          sweep.path()
              + ": not used by the built-in trainer: "
              + String.join(", ", sweep.unused()));
    }
    lines.addAll(template.warnings());
    return lines;
  }

  /** The sweep's project, as given. */
  public String project() {
    return names.project();
  }

  /** The sweep's name, as given: that of its group. */
  public String group() {
    return names.group();
  }

  /** The metric that the sweep file aims at. */
  public Optional<String> aim() {
    return Optional.ofNullable(sweep.metric()).map(Metric::name);
  }

  /** The project's folder under {@code out/}. */
  public String projectSlug() {
    return names.projectSlug();
  }

  /** The group's folder under the project's. */
  public String groupSlug() {
    return names.groupSlug();
  }

  private @Nullable String refusedId(int index) {
    if (collisions.isEmpty()) {
      return null;
    }
    Collision collision = collisions.get(runId(index));
    return collision == null || runIds.first(index) == collision.keeper()
        ? null
        : collision.reason(index);
  }
}
