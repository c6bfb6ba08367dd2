package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Members;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson.Verbatim;
import dev.sweeprunner.run.TrackedAlert;
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
  private static final String NAME = "1";
  private static final String STEP = "5";
  private static final String OPTIONS = "6";
  private static final String SUMMARY = "7";
  private static final String SYSTEM = "system.";

  /**
   * Writes how the metrics are to be shown, which sync does not take from the config: as the client
   * has it there, by field numbers of its own messages.
   */
  static void define(TrackedRun run, OfflineRecords records) throws IOException {
    try {
      Fields config = Fields.of(run.config().getBytes(StandardCharsets.UTF_8));
      Fields client = config.objectOrNull("_wandb");
      Fields said = client == null ? null : client.objectOrNull("value");
      if (said == null || !(said.members().get("m") instanceof List<?>)) {
        return;
      }
      List<Fields> metrics = said.objects("m");
      for (Fields metric : metrics) {
        String name = metric.textOrNull(NAME);
        if (name != null) {
          int step = metric.members().containsKey(STEP) ? metric.integer(STEP) : 0;
          boolean axis = step > 0 && step <= metrics.size();
          records.metric(
              name,
              axis ? metrics.get(step - 1).textOrNull(NAME) : null,
              numbers(metric.members().get(OPTIONS)),
              numbers(metric.members().get(SUMMARY)));
        }
      }
    } catch (UnreadableJson of) {
      // Then W&B shows them over the steps.
    }
  }

  private static List<Long> numbers(@Nullable Object list) {
    return list instanceof List<?> all
        ? all.stream().filter(Long.class::isInstance).map(Long.class::cast).toList()
        : List.of();
  }

  /** Writes console, system metrics, alerts and summary; an exit follows. */
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
    for (Cargo cargo : tracks.alerts(key, epoch).look()) {
      if (cargo instanceof Cargo.Alert one) {
        alert(one.alert(), records);
      }
    }
    Map<String, Object> summary = members(run.summary());
    if (!summary.isEmpty()) {
      records.summary(summary);
    }
  }

  private static void alert(TrackedAlert alert, OfflineRecords records) throws IOException {
    Long wait = alert.waitMillis();
    records.alert(
        alert.title(),
        alert.text(),
        alert.severity() == null ? "INFO" : alert.severity(),
        wait == null ? 0 : wait);
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
