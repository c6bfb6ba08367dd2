package dev.sweeprunner.wandb.settings;

import dev.sweeprunner.problem.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The two settings files: a global one, and over it the one of the workspace.
 *
 * <p>The workspace is the working directory, also where {@code WANDB_DIR} is set: the official
 * client 0.30.0 was seen to read its files before it looks at that variable.
 *
 * <p>A file that cannot be read, or with one wrong value, is left out as a whole, with a warning.
 * The official client then leaves out the other file too; here it still holds, so that a slip in a
 * workspace does not send the key of a company's own server to the public one. A wrong mode is
 * refused: who misspells {@code offline} does not want to be online. Names that this program does
 * not know are not looked at.
 */
final class SettingsFiles {
  private static final String SECTION = "default";
  private static final List<String> NOT_IN_FILES = List.of("root_dir", "settings_system");

  private final Path global;
  private final Path workspace;
  private final Consumer<String> warnings;

  SettingsFiles(
      Map<String, String> environment,
      Path home,
      Path workingDirectory,
      Consumer<String> warnings) {
    String folder = environment.getOrDefault("WANDB_CONFIG_DIR", "");
    this.global =
        folder.isEmpty()
            ? home.resolve(Path.of(".config", "wandb", "settings"))
            : TextFile.expand(folder, home, workingDirectory).resolve("settings");
    boolean dotted = Files.exists(workingDirectory.resolve(".wandb"));
    this.workspace = workingDirectory.resolve(dotted ? ".wandb" : "wandb").resolve("settings");
    this.warnings = warnings;
  }

  /** Where was looked, lowest first. */
  List<Path> places() {
    return List.of(global, workspace);
  }

  /**
   * The settings by their names, with {@code api_key} where a file has one.
   *
   * @throws UserError for a mode that does not exist
   */
  Map<String, Given> read() {
    Map<String, Given> settings = new LinkedHashMap<>();
    for (Path file : places()) {
      settings.putAll(read(file));
    }
    return settings;
  }

  private Map<String, Given> read(Path file) {
    Map<String, String> written;
    try {
      written = IniText.section(SECTION, TextFile.read(file).orElse(""));
    } catch (UnreadableText e) {
      warnings.accept("W&B settings file " + file + " is ignored: " + e.getMessage() + ".");
      return Map.of();
    }
    Map<String, Given> settings = new LinkedHashMap<>();
    written.forEach((key, value) -> put(settings, file, key, value));
    return settings.values().stream().allMatch(given -> sound(given, file)) ? settings : Map.of();
  }

  private void put(Map<String, Given> settings, Path file, String written, String value) {
    String key = written.startsWith("_") ? "x" + written : written;
    if (NOT_IN_FILES.contains(key)) {
      warnings.accept(
          "'" + key + "' in " + file + " is ignored: it is not allowed in a W&B settings file.");
    } else if (!value.isEmpty()
        && (SettingValues.CHECKS.containsKey(key) || key.equals(Setting.API_KEY))) {
      settings.put(key, new Given(key, value, file + " (" + written + ")"));
    }
  }

  private boolean sound(Given given, Path file) {
    if (given.key().equals(Setting.MODE)) {
      SettingValues.mode(given);
      return true;
    }
    try {
      SettingValues.CHECKS.getOrDefault(given.key(), any -> {}).accept(given);
      return true;
    } catch (UserError e) {
      warnings.accept(
          "W&B settings file "
              + file
              + " is ignored as a whole: '"
              + given.key()
              + "' in it: "
              + e.what()
              + ". "
              + e.wayOut()
              + ".");
      return false;
    }
  }
}
