package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.ProgramConfig;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Goal;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code config.json}: which config a run's folder stands for, written once. */
final class ConfigFile {
  private static final int VERSION = 1;
  private static final String KIND = "kind";

  /** The kind of a config that is a program's parameters; the pipeline's name none. */
  private static final String PROGRAM = "program";

  private final FileSystem files;
  private final Layout layout;

  ConfigFile(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  /**
   * Whether the file stands for this point's config; false where there is none. Changes nothing.
   *
   * @throws UserError if it stands for another config or is not ours
   */
  boolean written(Point point) throws IOException {
    var found = read(layout.config(point.key()));
    found.ifPresent(goal -> require(point, goal.configSha256()));
    return found.isPresent();
  }

  /**
   * Writes the file, or finds that another has just done so.
   *
   * @param scratch a name in the claim's own epoch folder
   * @throws UserError if it then stands for another config
   */
  void write(Point point, Path scratch) throws IOException {
    var file = layout.config(point.key());
    files.delete(scratch);
    files.create(scratch, content(point));
    boolean ours = WriteOnce.place(files, scratch, file);
    files.delete(scratch);
    if (!ours && !written(point)) {
      throw new NoSuchFileException(file.toString());
    }
  }

  private void require(Point point, String hash) {
    if (!hash.equals(point.config().sha256())) {
      throw new UserError(
          layout.config(point.key()).toString(),
          "this folder belongs to another config (SHA-256 "
              + hash
              + ") than point "
              + point.index()
              + " with the same run id "
              + point.runId()
              + " (SHA-256 "
              + point.config().sha256()
              + ")",
          "Use another storage root, or change one of the two configs");
    }
  }

  /** The goal in the file; empty if there is none or it cannot be understood. */
  Optional<Goal> goal(RunKey key) {
    try {
      return read(layout.config(key));
    } catch (IOException | UserError unreadable) {
      return Optional.empty();
    }
  }

  private Optional<Goal> read(Path file) throws IOException {
    byte[] content;
    try {
      content = files.read(file);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
    try {
      var config = Fields.of(content);
      var version = config.number("v");
      if (version > VERSION) {
        throw new UserError(
            file.toString(),
            "version " + version + " was written by a newer Sweep Runner",
            "Use that version, or another storage root");
      }
      if (config.textOr(KIND, "").equals(PROGRAM)) {
        return Optional.of(new Goal(0, 0, config.text("sha256")));
      }
      var training = config.object("config").object("training");
      return Optional.of(
          new Goal(
              training.number("max_iters"),
              training.number("log_interval"),
              config.text("sha256")));
    } catch (UnreadableJson torn) {
      throw notOurs(file, torn);
    }
  }

  private static UserError notOurs(Path file, Throwable cause) {
    return new UserError(
        file.toString(),
        "the file is damaged or was made by another program",
        "Move it away, or use another storage root",
        cause);
  }

  private static byte[] content(Point point) {
    return ("{\"v\":"
            + VERSION
            + ",\"run_id\":"
            + Json.quoted(point.runId())
            + ",\"sha256\":"
            + Json.quoted(point.config().sha256())
            + (point.config() instanceof ProgramConfig
                ? "," + Json.quoted(KIND) + ":" + Json.quoted(PROGRAM)
                : "")
            + ",\"config\":"
            + point.config().canonicalJson()
            + "}\n")
        .getBytes(UTF_8);
  }
}
