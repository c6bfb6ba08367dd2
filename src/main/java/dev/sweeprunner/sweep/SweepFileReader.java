package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads a W&amp;B sweep file. Stateless; safe for all threads. */
public final class SweepFileReader {
  private static final String DEFAULT_NAME = "default";
  private static final String DEFAULT_PROJECT = "translation-compression";
  private static final List<String> USED =
      List.of("method", "name", "project", "entity", "command", "parameters", "description");
  private static final List<String> UNUSED =
      List.of("program", "metric", "early_terminate", "run_cap");

  private final YamlDocument document;
  private final Map<String, YamlMap.Entry> entries;

  private final CommandReader.Command command;

  private SweepFileReader(
      YamlDocument document, Map<String, YamlMap.Entry> entries, Map<String, String> environment) {
    this.document = document;
    this.entries = entries;
    YamlMap.Entry given = entries.get("command");
    this.command =
        given == null
            ? new CommandReader.Command(null, false, List.of())
            : CommandReader.read(document, given, environment);
  }

  /**
   * Reads the file and spans its grid; the base TOML is not opened.
   *
   * @param path the file; a relative one starts at the process's working directory
   * @param environment what {@code ${envvar:X}} in {@code command} stands for
   * @throws UserError with file and line for anything that is no grid sweep
   */
  public static SweepFile read(Path path, Map<String, String> environment) {
    YamlDocument document = YamlDocument.read(path);
    if (!(document.root() instanceof MappingNode map)) {
      throw document.error(
          document.root(),
          "the file is not a map of keys",
          "Write a W&B sweep: method, name, project, parameters");
    }
    return new SweepFileReader(document, YamlMap.entries(document, map), environment).file();
  }

  private SweepFile file() {
    checkMethod();
    YamlMap.Entry parameters = entries.get("parameters");
    if (parameters == null) {
      throw new UserError(
          document.path().toString(),
          "there is no parameters section",
          "add parameters: with at least one key and its values");
    }
    return new SweepFile(
        document.path(),
        text("name", DEFAULT_NAME),
        text("project", DEFAULT_PROJECT),
        optionalText("project") != null,
        optionalText("entity"),
        command.baseToml(),
        Grid.of(document.path().toString(), ParameterReader.read(document, parameters)),
        unused(),
        warnings());
  }

  private void checkMethod() {
    String method = optionalText("method");
    YamlMap.Entry entry = entries.get("method");
    if (entry != null && !"grid".equals(method)) {
      throw document.error(
          entry.line(),
          "method is " + method + "; only grid can be run here",
          "Write method: grid and list the values of every parameter");
    }
  }

  private String text(String key, String otherwise) {
    String text = optionalText(key);
    return text == null || text.isEmpty() ? otherwise : text;
  }

  private @Nullable String optionalText(String key) {
    YamlMap.Entry entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    boolean scalar = entry.value() instanceof ScalarNode;
    Object value = scalar ? YamlValues.scalar(document, key, entry.value()) : entry;
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw document.error(
        entry.line(), key + " is not a string", scalar ? "Put it in quotes" : "Write one word");
  }

  private List<String> unused() {
    List<String> names = new ArrayList<>();
    for (String key : entries.keySet()) {
      if (UNUSED.contains(key)) {
        names.add(key);
      } else if (key.equals("command") && command.saysMore()) {
        names.add("command (beyond its TOML)");
      }
    }
    return names;
  }

  private List<String> warnings() {
    List<String> known = new ArrayList<>(USED);
    known.addAll(UNUSED);
    List<String> warnings = new ArrayList<>(command.warnings());
    for (YamlMap.Entry entry : entries.values()) {
      if (!known.contains(entry.key())) {
        warnings.add(
            document.path()
                + ":"
                + entry.line()
                + ": the key "
                + entry.key()
                + " is unknown and ignored"
                + Nearest.to(entry.key(), known).map(k -> "; did you mean " + k + "?").orElse(""));
      }
    }
    return warnings;
  }
}
