package dev.sweeprunner.config;

import dev.sweeprunner.config.PlainToml.Located;
import dev.sweeprunner.config.ValueCheck.Form;
import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/**
 * The base TOML of a sweep: the fields it sets, checked, and a warning per key it does not know.
 */
final class BaseToml {
  private final String shown;
  private final Map<String, Located> toml;
  private final Map<Field, @Nullable Object> values = new LinkedHashMap<>();
  private final TreeMap<Integer, List<String>> warnings = new TreeMap<>();

  private BaseToml(String shown, Map<String, Located> toml) {
    this.shown = shown;
    this.toml = toml;
  }

  /**
   * Reads a TOML file.
   *
   * @param path the file
   * @param shown how messages name it
   * @throws UserError with file and line for bad syntax or a value that does not fit its field
   */
  static BaseToml read(Path path, String shown) {
    String text = text(path, shown);
    Map<String, Located> plain = PlainToml.read(text);
    BaseToml base = new BaseToml(shown, plain == null ? parsed(text, shown) : plain);
    base.toml.forEach(base::readSection);
    return base;
  }

  private static Map<String, Located> parsed(String text, String shown) {
    TomlParseResult toml = Toml.parse(text, TomlVersion.HEAD);
    if (!toml.errors().isEmpty()) {
      TomlParseError error = toml.errors().get(0);
      throw new UserError(
          shown + ":" + error.position().line(),
          "not TOML: " + oneLine(error),
          "Mend the syntax at this line",
          error);
    }
    return located(toml);
  }

  /** What a file says, as {@link PlainToml} gives it. */
  static Map<String, Located> located(TomlParseResult toml) {
    Map<String, Located> members = new LinkedHashMap<>();
    for (String name : toml.keySet()) {
      Object content = Objects.requireNonNull(toml.get(List.of(name)));
      if (content instanceof TomlTable section) {
        Map<String, Located> keys = new LinkedHashMap<>();
        for (String key : section.keySet()) {
          Object value = Objects.requireNonNull(section.get(List.of(key)));
          keys.put(key, new Located(line(toml, List.of(name, key)), value));
        }
        content = keys;
      }
      members.put(name, new Located(line(toml, List.of(name)), content));
    }
    return members;
  }

  private static int line(TomlParseResult toml, List<String> path) {
    @Nullable TomlPosition position = toml.inputPositionOf(path);
    return position == null ? 1 : position.line();
  }

  /** The fields the file sets, with their values as given. */
  Map<Field, @Nullable Object> values() {
    return values;
  }

  /** How messages name the file. */
  String shown() {
    return shown;
  }

  /** One line per unknown section or key, in file order. */
  List<String> warnings() {
    return warnings.values().stream().flatMap(List::stream).toList();
  }

  private static String oneLine(TomlParseError error) {
    String message = Optional.ofNullable(error.getMessage()).orElse("unreadable");
    return message.strip().replaceAll("\\s+", " ");
  }

  /** Line ends become {@code \n}, as TOML readers of Python have it. */
  private static String text(Path path, String shown) {
    try {
      String text = Files.readString(path).replace("\r\n", "\n");
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UserError(shown, "the file is not UTF-8 text", "Save it as UTF-8", e);
    } catch (IOException e) {
      throw new UserError(
          shown,
          "the TOML cannot be read (" + Why.of(e) + ")",
          "Check its permissions and the file system",
          e);
    }
  }

  @SuppressWarnings("unchecked") // the keys of a section
  private void readSection(String section, Located at) {
    Object content = at.content();
    int line = at.line();
    if (!Schema.sections().contains(section)) {
      boolean table = content instanceof Map;
      warn(
          line,
          table ? "section [" + section + "]" : "the key " + section + " outside of a section",
          table ? Nearest.to(section, Schema.sections()) : Schema.nearest(section));
    } else if (content instanceof Map<?, ?> table) {
      ((Map<String, Located>) table).forEach((name, value) -> readKey(section, name, value));
    } else {
      throw new UserError(
          shown + ":" + line,
          section + " is a section and is given a plain value",
          "Write [" + section + "] and its keys below");
    }
  }

  private void readKey(String section, String name, Located at) {
    String key = section + "." + name;
    int line = at.line();
    Field field = Schema.find(key);
    if (field == null) {
      warn(line, key, nearestName(section, name));
      return;
    }
    String where = shown + ":" + line;
    Object value = plain(where, key, at.content());
    ValueCheck.check(where, Form.TOML, field, value);
    values.put(field, value);
  }

  private static Optional<String> nearestName(String section, String name) {
    List<String> names =
        Schema.fields().stream()
            .filter(field -> field.section().equals(section))
            .map(Field::name)
            .toList();
    return Nearest.to(name, names).or(() -> Schema.nearest(section + "." + name));
  }

  private static @Nullable Object plain(String where, String key, @Nullable Object content) {
    if (content instanceof TomlArray array) {
      return plain(where, key, array.toList());
    }
    if (content instanceof List<?> list) {
      List<@Nullable Object> values = new ArrayList<>();
      list.forEach(value -> values.add(plain(where, key, value)));
      return values;
    }
    if (content instanceof String
        || content instanceof Long
        || content instanceof Double
        || content instanceof Boolean) {
      return content;
    }
    throw new UserError(
        where,
        key + " is a " + (content instanceof TomlTable ? "table" : "date or time"),
        "Write a string, a number, true, false or a list of strings");
  }

  private void warn(int line, String what, Optional<String> nearest) {
    warnings
        .computeIfAbsent(line, any -> new ArrayList<>())
        .add(
            shown
                + ":"
                + line
                + ": "
                + what
                + " is unknown and ignored"
                + nearest.map(known -> "; did you mean " + known + "?").orElse(""));
  }
}
