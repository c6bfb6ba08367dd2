package dev.sweeprunner.program.state;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a published folder says of itself: {@code manifest.json}.
 *
 * @param state what was published
 * @param epoch the claim that wrote it
 * @param permanent whether it stays when newer ones are published
 * @param files in mode copy, each file below {@code work/} to its size and hash
 */
record Manifest(ProgramState state, int epoch, boolean permanent, Map<String, Stored> files) {
  static final int VERSION = 1;
  static final String NAME = "manifest.json";
  private static final String WANDB = "wandb";
  private static final String RUNTIME = "runtime";

  /**
   * One file.
   *
   * @param bytes its size
   * @param sha256 lower-case hex
   */
  record Stored(long bytes, String sha256) {}

  byte[] json() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("v", VERSION);
    root.put("iter", state.iter());
    root.put("epoch", epoch);
    root.put("permanent", permanent);
    root.put("mode", state.mode().word());
    ProgramState.Seen seen = state.seen();
    root.put("layout", seen.layout());
    root.put("path", seen.path());
    root.put("bytes", seen.bytes());
    if (seen.changed() != null) {
      root.put("time", seen.changed().toString());
    }
    if (state.exit() != null) {
      root.put("exit", state.exit());
    }
    if (state.row() != null) {
      root.put("row", members(state.row()));
    }
    if (state.logged() != null) {
      root.put(WANDB, members(state.logged()));
    }
    if (state.mode() == Mode.COPY) {
      Map<String, Object> listed = new LinkedHashMap<>();
      files.forEach((name, stored) -> listed.put(name, members(stored)));
      root.put("files", listed);
    }
    return Json.bytes(root);
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @param work where the copy lies in mode copy
   * @throws UnreadableJson if a field is missing
   */
  static Manifest read(Fields root, Path work) throws UnreadableJson {
    Mode mode = root.text("mode").equals(Mode.COPY.word()) ? Mode.COPY : Mode.SHARED;
    ProgramState state =
        new ProgramState(
            root.number("iter"),
            mode,
            new ProgramState.Seen(
                root.text("layout"), root.text("path"), root.number("bytes"), time(root)),
            root.members().containsKey("exit") ? Integer.valueOf(root.integer("exit")) : null,
            mode == Mode.COPY ? work : null,
            row(root),
            logged(root),
            null);
    Map<String, Stored> files = new LinkedHashMap<>();
    if (mode == Mode.COPY) {
      Fields listed = root.object("files");
      for (String name : listed.members().keySet()) {
        Fields file = listed.object(name);
        files.put(name, new Stored(file.number("bytes"), file.text("sha256")));
      }
    }
    return new Manifest(state, root.integer("epoch"), root.flag("permanent"), files);
  }

  private static @Nullable Instant time(Fields root) throws UnreadableJson {
    String text = root.textOrNull("time");
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UnreadableJson("time " + text + " is none");
    }
  }

  /** The run with one member more. */
  private static Map<String, @Nullable Object> members(ProgramState.Logged logged) {
    try {
      Map<String, @Nullable Object> members = new LinkedHashMap<>(Json.object(logged.run().json()));
      members.put(RUNTIME, logged.runtime());
      return members;
    } catch (UnreadableJson impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static ProgramState.@Nullable Logged logged(Fields root) throws UnreadableJson {
    Fields wandb = root.objectOrNull(WANDB);
    if (wandb == null) {
      return null;
    }
    Double runtime = wandb.decimalOrNull(RUNTIME);
    return new ProgramState.Logged(
        TrackedRun.read(Json.bytes(wandb.members())), runtime == null ? 0 : runtime);
  }

  private static Map<String, Object> members(Row row) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("step", row.step());
    members.put("values", row.values());
    members.put("wall", row.wall());
    return members;
  }

  private static @Nullable Row row(Fields root) throws UnreadableJson {
    Fields row = root.objectOrNull("row");
    return row == null
        ? null
        : new Row(row.number("step"), numbers(row.object("values")), numbers(row.object("wall")));
  }

  private static Map<String, Double> numbers(Fields members) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String name : members.members().keySet()) {
      Double number = members.decimalOrNull(name);
      if (number != null) {
        numbers.put(name, number);
      }
    }
    return numbers;
  }

  private static Map<String, Object> members(Stored stored) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("bytes", stored.bytes());
    members.put("sha256", stored.sha256());
    return members;
  }
}
