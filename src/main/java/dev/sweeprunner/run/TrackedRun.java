package dev.sweeprunner.run;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run at W&amp;B as its program describes it, besides its history. JSON stands as the program's
 * client sent it, so that no number changes its digits and NaN stays a bare token. Immutable.
 *
 * @param config a JSON object; each value is wrapped, {@code {"lr":{"value":0.1}}}, and {@code
 *     _wandb} holds the client's telemetry
 * @param summary a JSON object: the newest value of each metric, or what the program made of it
 * @param names what it is called and where it belongs
 */
public record TrackedRun(String config, String summary, Names names) {
  private static final int VERSION = 1;

  /** A run of which nothing was said. */
  public static final TrackedRun UNSAID = new TrackedRun("{}", "{}", Names.NONE);

  /**
   * What a program calls its run; null where it does not say.
   *
   * @param program the file that runs
   * @param commit of its work tree
   * @param repository from which that is
   */
  public record Names(
      @Nullable String displayName,
      @Nullable String notes,
      @Nullable String group,
      @Nullable String jobType,
      @Nullable String host,
      @Nullable String program,
      @Nullable String commit,
      @Nullable String repository,
      List<String> tags) {
    /** Nothing was said. */
    public static final Names NONE =
        new Names(null, null, null, null, null, null, null, null, List.of());

    /** Copies the tags. */
    public Names {
      tags = List.copyOf(tags);
    }
  }

  /** One line with a newline at its end. */
  public byte[] json() {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put("v", VERSION);
    root.put("config", config);
    root.put("summary", summary);
    root.put("display_name", names.displayName());
    root.put("notes", names.notes());
    root.put("group", names.group());
    root.put("job_type", names.jobType());
    root.put("host", names.host());
    root.put("program", names.program());
    root.put("commit", names.commit());
    root.put("repository", names.repository());
    root.put("tags", names.tags());
    return Json.bytes(root);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws UnreadableJson if it is something else, or of a newer version
   */
  public static TrackedRun read(byte[] bytes) throws UnreadableJson {
    Fields root = Fields.of(bytes);
    if (root.integer("v") != VERSION) {
      throw new UnreadableJson("version " + root.integer("v") + " of a newer program");
    }
    return new TrackedRun(
        root.text("config"),
        root.text("summary"),
        new Names(
            root.textOrNull("display_name"),
            root.textOrNull("notes"),
            root.textOrNull("group"),
            root.textOrNull("job_type"),
            root.textOrNull("host"),
            root.textOrNull("program"),
            root.textOrNull("commit"),
            root.textOrNull("repository"),
            root.texts("tags")));
  }
}
