package dev.sweeprunner.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole config as cells, one per field of the schema, in canonical order. */
final class ConfigValues {
  private final ConfigValue[] cells;

  private ConfigValues(ConfigValue[] cells) {
    this.cells = cells;
  }

  /** The defaults of the schema. */
  static ConfigValues defaults() {
    return new ConfigValues(
        Schema.fields().stream()
            .map(field -> ConfigValue.of(field.initial()))
            .toArray(ConfigValue[]::new));
  }

  ConfigValues copy() {
    return new ConfigValues(cells.clone());
  }

  ConfigValue get(Field field) {
    return cells[field.index()];
  }

  ConfigValue get(int index) {
    return cells[index];
  }

  void set(Field field, ConfigValue value) {
    cells[field.index()] = value;
  }

  /** The field's value as given. */
  @Nullable Object value(Field field) {
    return cells[field.index()].value();
  }

  /** A number field's value; null counts as absent and is not asked for. */
  double number(Field field) {
    return value(field) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** A whole-number field's value. */
  long whole(Field field) {
    return value(field) instanceof Number number ? number.longValue() : 0;
  }

  boolean truth(Field field) {
    return Boolean.TRUE.equals(value(field));
  }

  /** A string field's value; empty for null. */
  String text(Field field) {
    return value(field) instanceof String text ? text : "";
  }

  /** A list field's value, or null. */
  @Nullable List<String> texts(Field field) {
    return value(field) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : null;
  }
}
