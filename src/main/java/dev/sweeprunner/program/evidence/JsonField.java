package dev.sweeprunner.program.evidence;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A number in a JSON file: {@code FILE:FIELD}, the field with dots where it is nested.
 *
 * @param file below some folder; empty for the file that is looked at itself
 * @param field the names on the way to the number
 */
record JsonField(String file, List<String> field) {
  private static final long MOST_BYTES = 64 << 20;

  /**
   * A user's words for it.
   *
   * @param where the option, for the error
   */
  static JsonField of(String where, String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || colon == text.length() - 1) {
      throw new UserError(
          where,
          text + " names no field of a JSON file",
          "Write FILE:FIELD, for example trainer_state.json:global_step");
    }
    return new JsonField(
        text.substring(0, colon).strip(), List.of(text.substring(colon + 1).strip().split("\\.")));
  }

  /** The file, for a checkpoint that is a folder, or beside one that is a file. */
  Path fileOf(Path checkpoint) {
    Path parent = checkpoint.getParent();
    if (file.isEmpty()) {
      return checkpoint;
    }
    return Files.isDirectory(checkpoint) || parent == null
        ? checkpoint.resolve(file)
        : parent.resolve(file);
  }

  /** The number, or empty where the file is missing, torn, huge or without it. */
  static Optional<Double> read(Path file, List<String> field) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        return Optional.empty();
      }
      Object value = Json.object(Files.readAllBytes(file));
      for (String name : field) {
        value = member(value, name);
      }
      return value instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    } catch (IOException | UnreadableJson e) {
      return Optional.empty();
    }
  }

  private static @Nullable Object member(@Nullable Object value, String name) {
    return value instanceof Map<?, ?> map ? map.get(name) : null;
  }

  @Override
  public String toString() {
    return file + ":" + String.join(".", field);
  }
}
