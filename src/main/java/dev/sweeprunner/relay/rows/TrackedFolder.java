package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.TrackedAlert;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a client tells of a run besides rows, in one folder. Guarded by its book. */
final class TrackedFolder {
  private static final String HABIT = "habit.json";

  private final FileSystem files;
  private final Path folder;
  private final Clock clock;
  private final RunFile run;
  private final LineFile events;
  private final Offsets eventNumbers;
  private final LineFile alerts;
  private final Console console;
  private boolean namesSteps;

  /**
   * The files below a folder, which need not be there.
   *
   * @param begins the run as the client is told of it
   * @param said told once of what is not kept
   */
  TrackedFolder(
      FileSystem files,
      Path folder,
      Clock clock,
      Rules rules,
      TrackedRun begins,
      Consumer<String> said)
      throws IOException {
    this.files = files;
    this.folder = folder;
    this.clock = clock;
    this.run = new RunFile(files, folder, clock, begins);
    this.events = new LineFile(files, folder.resolve("events.jsonl"));
    this.eventNumbers = new Offsets(rules, LineFile.count(events.path()));
    this.alerts = new LineFile(files, folder.resolve("alerts.jsonl"));
    this.console = new Console(files, folder, said);
  }

  /** It is seen to name steps: a client that comes later begins without saying so. */
  void namesSteps() throws IOException {
    if (!namesSteps) {
      files.makeFolders(folder);
      files.replace(folder.resolve(HABIT), Json.bytes(Map.of("v", 1, "names_steps", true)));
      namesSteps = true;
    }
  }

  /** Whether the program of this folder's claim was seen to name steps. */
  static boolean namesSteps(FileSystem files, Path folder) throws IOException {
    try {
      return Fields.of(files.read(folder.resolve(HABIT))).flag("names_steps");
    } catch (NoSuchFileException | UnreadableJson never) {
      return false;
    }
  }

  TrackedRun run() {
    return run.run();
  }

  long eventLines() {
    return eventNumbers.next();
  }

  long consoleLines() {
    return console.next();
  }

  void described(Map<String, @Nullable Object> variables) throws IOException {
    run.described(Description.over(run.run(), variables));
  }

  void summary(String json) throws IOException {
    run.summary(json);
  }

  void events(long offset, List<String> lines) throws IOException {
    events.write();
    for (int i = eventNumbers.taken(offset); i < lines.size(); i++) {
      events.add(lines.get(i));
      eventNumbers.take(offset + i);
    }
    events.write();
  }

  void console(long offset, List<String> lines) throws IOException {
    console.lines(offset, lines, clock.nanos());
  }

  void alert(TrackedAlert alert) throws IOException {
    alerts.add(alert.line());
    alerts.write();
  }

  /** Time goes by. */
  void tick() throws IOException {
    run.tick();
  }

  /** Writes what waited for its time. */
  void write() throws IOException {
    run.write();
    console.close();
  }

  void close() throws IOException {
    write();
    events.write();
    events.close();
    alerts.write();
    alerts.close();
  }
}
