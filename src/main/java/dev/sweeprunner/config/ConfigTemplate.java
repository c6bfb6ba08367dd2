package dev.sweeprunner.config;

import dev.sweeprunner.config.ValueCheck.Form;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.Grid;
import dev.sweeprunner.sweep.Parameter;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all points of a sweep share: defaults with the base TOML, and the checked values of each
 * axis.
 *
 * <p>A point's config is computed from its index; immutable, safe for all threads.
 */
final class ConfigTemplate implements PointTemplate {
  private static final Field SEED = Schema.field("training.seed");

  private final Grid grid;
  private final ConfigValues base;
  private final List<Axis> axes;
  private final @Nullable String baseFault;
  private final List<String> warnings;

  private ConfigTemplate(
      Grid grid,
      ConfigValues base,
      List<Axis> axes,
      @Nullable String baseFault,
      List<String> warnings) {
    this.grid = grid;
    this.base = base;
    this.axes = axes;
    this.baseFault = baseFault;
    this.warnings = warnings;
  }

  /** A null choice leaves the field alone. */
  private record Axis(Field field, List<@Nullable ConfigValue> choices) {}

  /**
   * Reads the base TOML and checks every value of the grid against the schema.
   *
   * @throws UserError for a TOML that is not there or cannot be read, an override of no field, or a
   *     value that does not fit
   */
  static ConfigTemplate of(SweepFile sweep, Places places) {
    ConfigValues base = ConfigValues.defaults();
    SweepFile.Reference reference = sweep.baseToml();
    String fault = null;
    List<String> warnings = List.of();
    if (reference != null) {
      BaseToml toml = baseToml(sweep, reference, places);
      for (Map.Entry<Field, @Nullable Object> entry : toml.values().entrySet()) {
        base.set(entry.getKey(), ConfigValue.of(entry.getValue()));
      }
      String missing = Rules.mostCompartments(base);
      fault = missing == null ? null : missing + " (in " + toml.shown() + ")";
      warnings = toml.warnings();
    }
    List<Axis> axes = sweep.grid().parameters().stream().map(p -> axis(sweep, p)).toList();
    return new ConfigTemplate(sweep.grid(), base, axes, fault, warnings);
  }

  private static BaseToml baseToml(SweepFile sweep, SweepFile.Reference reference, Places places) {
    List<Path> tried = places.tried(reference.text());
    Path found =
        places
            .find(reference.text())
            .orElseThrow(
                () ->
                    new UserError(
                        sweep.at(reference.line()),
                        "the base TOML " + reference.text() + " is not there; tried " + join(tried),
                        "Put it in one of these places or mend its path in command"));
    return BaseToml.read(found, found.equals(tried.get(0)) ? reference.text() : found.toString());
  }

  private static String join(List<Path> paths) {
    return String.join(", ", paths.stream().map(Path::toString).toList());
  }

  private static Axis axis(SweepFile sweep, Parameter parameter) {
    Field field = field(sweep.at(parameter.line()), parameter.key());
    List<@Nullable ConfigValue> choices = new ArrayList<>(parameter.choices().size());
    for (Parameter.Choice choice : parameter.choices()) {
      boolean given = choice != Parameter.Choice.NONE;
      if (given) {
        Form form = choice.quoted() ? Form.QUOTED : Form.PLAIN;
        ValueCheck.check(sweep.at(choice.line()), form, field, choice.value());
      }
      choices.add(given ? ConfigValue.of(choice.value()) : null);
    }
    return new Axis(field, choices);
  }

  private static Field field(String where, String key) {
    Field field = Schema.find(key);
    if (field != null) {
      return field;
    }
    Field around = Schema.find(key.substring(0, Math.max(0, key.lastIndexOf('.'))));
    if (around != null) {
      String words = around.kind().words();
      throw new UserError(
          where, around.key() + " is given a map; it takes " + words, "Write " + words);
    }
    if (Schema.sections().contains(key)) {
      throw new UserError(
          where,
          key + " is a section and is given a plain value",
          "Nest its fields under parameters: {...}, or give maps of them as values");
    }
    throw new UserError(
        where,
        key + " is no setting of a run",
        Schema.nearest(key)
            .map(known -> "Did you mean " + known)
            .orElse("Write section.field; the sections are " + sections()));
  }

  private static String sections() {
    return String.join(", ", Schema.sections());
  }

  /** Warnings about the base TOML. */
  @Override
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public long size() {
    return grid.size();
  }

  @Override
  public byte[] canonicalJson(int index) {
    return CanonicalJson.of(values(index));
  }

  @Override
  public Made make(int index) {
    ConfigValues values = values(index);
    return new Made(
        TypedConfig.of(values, CanonicalJson.text(values)), values.whole(SEED), broken(values));
  }

  @Override
  public Long seed(int index) {
    return values(index).whole(SEED);
  }

  @Override
  public String workUnit() {
    return BuiltinConfig.WORK_UNIT;
  }

  @Override
  public List<String> keys() {
    return grid.parameters().stream().map(Parameter::key).toList();
  }

  @Override
  public List<String> varied() {
    return grid.parameters().stream()
        .filter(parameter -> parameter.choices().size() > 1)
        .map(Parameter::key)
        .toList();
  }

  @Override
  public Map<String, @Nullable Object> overrides(int index) {
    return grid.at(index);
  }

  /** The whole config of a point, presets and seeds applied. */
  private ConfigValues values(int index) {
    ConfigValues values = base.copy();
    for (int axis = 0; axis < axes.size(); axis++) {
      Axis along = axes.get(axis);
      ConfigValue value = along.choices().get(grid.choice(index, axis));
      if (value != null) {
        values.set(along.field(), value);
      }
    }
    Presets.apply(values);
    return values;
  }

  /** Why this config can never run, or null. */
  private @Nullable String broken(ConfigValues values) {
    return baseFault != null ? baseFault : Rules.broken(values);
  }
}
