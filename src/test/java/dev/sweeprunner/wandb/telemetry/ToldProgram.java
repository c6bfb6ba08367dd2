package dev.sweeprunner.wandb.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.SideRuns;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedAlert;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A program of which the relay keeps what it says, in the files of one claim. */
final class ToldProgram {
  private final Path folder;
  private int lines;

  ToldProgram(Layout layout, RunKey key, int epoch) {
    this.folder = layout.tracked(key, epoch);
  }

  /** One that tells of a run beside its own. */
  static ToldProgram beside(Layout layout, RunKey key, int epoch, int number) {
    String name = SideRuns.name(key.runId(), number);
    return new ToldProgram(SideRuns.folder(layout.tracked(key, epoch), name));
  }

  private ToldProgram(Path folder) {
    this.folder = folder;
  }

  /** Where its claim goes on with the run beside its own; null where nothing told. */
  void begins(@Nullable Long after) {
    String goesOn = after == null ? "" : "\"after\":" + after + ",";
    put("start.json", "{\"v\":1,\"asked\":\"eval\",\"rank\":false," + goesOn + "\"newest\":0}");
  }

  /** It was seen to name steps. */
  void namesSteps() {
    put("habit.json", "{\"v\":1,\"names_steps\":true}");
  }

  /** A row of the run beside its own, as the relay keeps it. */
  void logs(long step, String members) {
    append("history.jsonl", kept(step, members) + "\n");
  }

  static String kept(long step, String members) {
    return "{\"_step\":" + step + ",\"_runtime\":1.5,\"_timestamp\":17," + members + "}";
  }

  /** The client of that says goodbye. */
  void ends(int exitCode) {
    put("end.json", "{\"v\":1,\"exit\":" + exitCode + "}");
  }

  /** Another one opens it again. */
  void goesOn() {
    try {
      Files.deleteIfExists(folder.resolve("end.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void put(String name, String text) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program describes its run. */
  void says(String config, String summary) {
    says(config, summary, TrackedRun.Names.NONE);
  }

  void says(String config, String summary, TrackedRun.Names names) {
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve("run.json"), new TrackedRun(config, summary, names).json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A console line as the official client posts it. */
  void prints(String text) {
    changes(lines++, text);
  }

  /** A console line changes. */
  void changes(int number, String text) {
    append("output.log", "{\"number\":" + number + ",\"line\":" + Json.quoted(line(text)) + "}\n");
  }

  static String line(String text) {
    return "2026-11-23T17:42:28.881041 " + text;
  }

  /** A line of system metrics. */
  void measures(String line) {
    append("events.jsonl", line + "\n");
  }

  /** It has people told something. */
  void alerts(String title, String text) {
    append("alerts.jsonl", new TrackedAlert(title, text, "WARN", 60_000L).line() + "\n");
  }

  /** What a kill leaves of a line that was being written. */
  void tears(String file, String text) {
    append(file, text);
  }

  private void append(String file, String text) {
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve(file), text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A row as the relay hands it on. */
  static Row row(long step, String members) {
    try {
      return Row.logged(step, members, Map.of("timestamp", 1.7e9 + step, "runtime", step * 0.5));
    } catch (UnreadableJson e) {
      throw new AssertionError(members, e);
    }
  }

  /** That row as a client that speaks to W&B itself posts it. */
  static String direct(long step, String members) {
    return "{"
        + members
        + ",\"_step\":"
        + step
        + ",\"_runtime\":"
        + step * 0.5
        + ",\"_timestamp\":"
        + (1_700_000_000L + step)
        + "}";
  }

  /** Rows of steps from 0 on. */
  static ListedLedger ledger(int count) {
    return new ListedLedger(
        java.util.stream.IntStream.range(0, count).mapToObj(n -> row(n, members(n))).toList());
  }

  /** What this kit's program logs. */
  static String members(long step) {
    return "\"loss\":" + (step % 3 == 0 ? "NaN" : "0.10") + ",\"n\":{\"a\":" + step + "}";
  }

  static List<String> direct(int count) {
    return java.util.stream.LongStream.range(0, count)
        .mapToObj(step -> direct(step, members(step)))
        .toList();
  }
}
