package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Members;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson.Verbatim;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.wandb.offline.OfflineRecords;
import dev.sweeprunner.wandb.telemetry.ProgramConsole.Block;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a run's program has told besides rows, as records for the official {@code wandb sync}. */
record OfflineProgram(Tracks tracks, RunKey key, int epoch) {
  private static final int MOST = 1_000;
  private static final String SYSTEM = "system.";

  /** Writes console, system metrics and summary; an exit follows. */
  void write(TrackedRun run, OfflineRecords records) throws IOException {
    for (String line : console()) {
      LogLine.Read read = LogLine.read(line);
      records.line(read.when(), read.error(), read.text());
    }
    ProgramEvents events = new ProgramEvents(tracks.events(key, epoch), 0);
    for (List<String> lines = events.peek(MOST); !lines.isEmpty(); lines = events.peek(MOST)) {
      for (String line : lines) {
        event(line, records);
      }
      events.sent();
    }
    Map<String, Object> summary = members(run.summary());
    if (!summary.isEmpty()) {
      records.summary(summary);
    }
  }

  /** All of it, since any line may have changed until the end. */
  private Collection<String> console() throws IOException {
    ProgramConsole console = new ProgramConsole(tracks.console(key, epoch), 0, true);
    TreeMap<Long, String> all = new TreeMap<>();
    for (Block block = console.peek(MOST); !block.lines().isEmpty(); block = console.peek(MOST)) {
      long number = block.first();
      for (String line : block.lines()) {
        all.put(number++, line);
      }
      console.sent(block);
    }
    return all.values();
  }

  private static void event(String line, OfflineRecords records) throws IOException {
    Double seconds = seconds(line);
    Map<String, Object> values = new LinkedHashMap<>();
    members(line)
        .forEach(
            (name, value) -> {
              if (name.startsWith(SYSTEM)) {
                values.put(name.substring(SYSTEM.length()), value);
              }
            });
    if (seconds != null && !values.isEmpty()) {
      records.stats(Instant.ofEpochMilli(Math.round(seconds * 1e3)), values);
    }
  }

  private static Map<String, Object> members(String object) {
    Map<String, Object> members = new LinkedHashMap<>();
    try {
      Members.of(object).forEach((name, value) -> members.put(name, new Verbatim(value)));
    } catch (UnreadableJson damaged) {
      members.clear();
    }
    return members;
  }

  private static @Nullable Double seconds(String event) {
    try {
      return Fields.of(event.getBytes(StandardCharsets.UTF_8)).decimalOrNull("_timestamp");
    } catch (UnreadableJson damaged) {
      return null;
    }
  }
}
