package dev.sweeprunner.config;

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
final class ConfigTemplate {
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

  private record Axis(Field field, List<ConfigValue> choices) {}

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
    Field field = Schema.find(parameter.key());
    if (field == null) {
      throw new UserError(
          sweep.at(parameter.line()),
          parameter.key() + " is no setting of a run",
          Schema.nearest(parameter.key())
              .map(known -> "Did you mean " + known)
              .orElse("Write section.field; the sections are " + sections()));
    }
    List<ConfigValue> choices = new ArrayList<>(parameter.choices().size());
    for (Parameter.Choice choice : parameter.choices()) {
      ValueCheck.check(sweep.at(choice.line()), field, choice.value());
      choices.add(ConfigValue.of(choice.value()));
    }
    return new Axis(field, List.copyOf(choices));
  }

  private static String sections() {
    return String.join(", ", Schema.sections());
  }

  /** Warnings about the base TOML. */
  List<String> warnings() {
    return warnings;
  }

  /** The whole config of a point, presets and seeds applied. */
  ConfigValues values(int index) {
    ConfigValues values = base.copy();
    for (int axis = 0; axis < axes.size(); axis++) {
      Axis along = axes.get(axis);
      values.set(along.field(), along.choices().get(grid.choice(index, axis)));
    }
    Presets.apply(values);
    return values;
  }

  /** Why this config can never run, or null. */
  @Nullable String broken(ConfigValues values) {
    return baseFault != null ? baseFault : Rules.broken(values);
  }
}
