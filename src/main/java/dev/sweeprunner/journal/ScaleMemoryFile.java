package dev.sweeprunner.journal;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code out/.scale/memory.json}: what a scaler remembers from look to look, replaced as a whole.
 * Belongs to one thread.
 */
public final class ScaleMemoryFile {
  private static final int VERSION = 1;

  private final FileSystem files;
  private final Path file;
  private final Consumer<String> warnings;

  /**
   * The memory in this file.
   *
   * @param warnings takes each sentence once
   */
  public ScaleMemoryFile(FileSystem files, Path file, Consumer<String> warnings) {
    this.files = files;
    this.file = file;
    this.warnings = warnings;
  }

  /**
   * What was kept last; empty where nothing was, or where it is damaged, which is told.
   *
   * @throws UserError if it cannot be read now, or is of a newer version
   */
  public Optional<Fields> read() {
    try {
      Fields in = Fields.of(files.read(file));
      if (in.number("v") > VERSION) {
        throw new UserError(
            file.toString(),
            "a newer version of this program wrote it",
            "Use that one, or remove the file: what is known of failed starts is lost with it");
      }
      return Optional.of(in);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (UnreadableJson damaged) {
      damaged(String.valueOf(damaged.getMessage()));
      return Optional.empty();
    } catch (IOException e) {
      throw new UserError(
          file.toString(), "cannot be read: " + Why.of(e), "Mend the disk, or remove the file", e);
    }
  }

  /** Says that what is there is of no use and is begun anew. */
  public void damaged(String why) {
    warnings.accept(
        file + " is damaged (" + why + "); what was known of failed starts is begun anew.");
  }

  /**
   * Keeps these members; durable when it returns.
   *
   * @throws UserError if that fails
   */
  public void write(Map<String, ?> members) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("v", VERSION);
    all.putAll(members);
    try {
      files.makeFolders(file.resolveSibling("."));
      files.replace(file, Json.bytes(all));
    } catch (IOException e) {
      throw new UserError(
          file.toString(),
          "what was submitted cannot be remembered: " + Why.at(e),
          "Free space or mend the disk; without it nothing is submitted",
          e);
    }
  }
}
