package dev.sweeprunner.wandb.offline;

import dev.sweeprunner.json.ValueJson;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of one run, in the order in which they are given: rows in the order of their steps,
 * console lines among them, the exit last. What was given is written through; only the newest value
 * of each key is kept, for the summary. Belongs to one thread.
 *
 * <p>Numbers of messages and fields: {@code wandb/proto/wandb_internal.proto} of the official
 * client, version 0.30.0.
 */
public final class OfflineRecords {
  private static final int ITEM_KEY = 1;
  private static final int ITEM_NESTED_KEY = 2;
  private static final int ITEM_VALUE = 16;
  private static final int EXIT_NOT_COMPLETE = 3;
  private static final int AT_THE_END = 1;

  private final RecordLog log;
  private final Map<String, @Nullable Object> newest = new LinkedHashMap<>();
  private long written;
  private boolean ended;

  /** Begins a file: its header and the run's own record. */
  OfflineRecords(OutputStream out, OfflineRun run) throws IOException {
    log = new RecordLog(out);
    append(Field.RUN, runRecord(run));
  }

  /**
   * One row of the history. sync sends every row as it stands, behind those that the server already
   * has: it notices neither a repeated nor a falling step.
   *
   * @param step grows from row to row
   * @param values metrics by their names, together with {@code _runtime} (seconds) and {@code
   *     _timestamp} (seconds of the epoch) where they are known; {@code _step} is added
   */
  public void row(long step, Map<String, ?> values) throws IOException {
    Map<String, @Nullable Object> row = new LinkedHashMap<>(values);
    row.put("_step", step);
    Message history = items(row);
    history.message(2, new Message().number(1, step));
    append(Field.HISTORY, history);
    newest.putAll(row);
  }

  /**
   * One line of the console, without its newline. sync shows its own time, not {@code when}, cuts a
   * line after 4,096 characters and leaves out empty ones at the end.
   */
  public void line(Instant when, boolean error, String text) throws IOException {
    Message output = new Message().number(1, error ? 0 : 1).message(2, timestamp(when));
    append(Field.OUTPUT_RAW, output.text(3, text + "\n"));
  }

  /**
   * How a metric is to be shown; comes before the rows.
   *
   * @param step the metric that is its x axis, or null
   * @param options numbers of those that hold: with each row the step's value too (1), hidden (2),
   *     defined by the user (3)
   * @param summary numbers of what the summary is to hold: min (1), max, mean, best, last, none,
   *     copy
   */
  public void metric(String name, @Nullable String step, List<Long> options, List<Long> summary)
      throws IOException {
    Message metric = new Message().text(1, name).text(4, step);
    append(Field.METRIC, metric.message(6, flags(options)).message(7, flags(summary)));
  }

  private static Message flags(List<Long> set) {
    Message flags = new Message();
    set.forEach(flag -> flags.number(flag.intValue(), 1));
    return flags;
  }

  /**
   * System metrics of one moment.
   *
   * @param values by their names without {@code system.} before them, which sync adds
   */
  public void stats(Instant when, Map<String, ?> values) throws IOException {
    append(Field.STATS, items(new Message().message(2, timestamp(when)), 3, values));
  }

  /**
   * Has people told something once this is synced.
   *
   * @param level {@code INFO}, {@code WARN} or {@code ERROR}
   * @param waitMillis for so long after it W&amp;B tells no other of this title
   */
  public void alert(String title, String text, String level, long waitMillis) throws IOException {
    Message alert = new Message().text(1, title).text(2, text).text(3, level);
    append(Field.ALERT, alert.number(4, waitMillis));
  }

  /** Files of the run; each lies under its name in the folder {@code files} beside this file. */
  public void files(List<String> names) throws IOException {
    Message files = new Message();
    names.forEach(name -> files.message(1, new Message().text(1, name).number(2, AT_THE_END)));
    append(Field.FILES, files);
  }

  /** An artifact; those that it refers to come before it. */
  public void artifact(OfflineArtifact artifact) throws IOException {
    append(Field.ARTIFACT, artifact.message());
  }

  /** Puts a summary in the place of that of the rows. */
  public void summary(Map<String, ?> values) {
    newest.clear();
    newest.putAll(values);
    newest.remove("_wandb"); // the exit tells the runtime
  }

  /** Sets a value of the summary that no row carries, or over the one that a row carries. */
  public void summary(String key, @Nullable Object value) {
    newest.put(key, value);
  }

  /**
   * Ends the run: the summary, then its exit. Nothing may follow. Without this call the run shows
   * as running once it is synced, and a few minutes later as crashed.
   *
   * @param code 0 for a finished run, else it is failed
   * @param runtime seconds of training
   */
  public void exit(int code, long runtime) throws IOException {
    writeSummary(runtime);
    append(Field.EXIT, new Message().number(1, code).number(2, runtime));
    ended = true;
  }

  /**
   * Completes the records of a run that has not ended. The exit says so: where there is none, sync
   * takes the run for one that failed.
   */
  void close() throws IOException {
    if (!ended) {
      writeSummary(null);
      append(Field.EXIT, new Message().number(EXIT_NOT_COMPLETE, 1));
      ended = true;
    }
  }

  /** sync does not derive the summary from the history, so it is a record of its own. */
  private void writeSummary(@Nullable Long runtime) throws IOException {
    Message summary = items(newest);
    if (runtime != null) {
      Message item = new Message().text(ITEM_NESTED_KEY, "_wandb").text(ITEM_NESTED_KEY, "runtime");
      summary.message(1, item.text(ITEM_VALUE, Long.toString(runtime)));
    }
    append(Field.SUMMARY, summary);
  }

  private static Message runRecord(OfflineRun run) {
    Message message =
        new Message()
            .text(1, run.runId())
            .text(2, run.entity())
            .text(3, run.project())
            .message(4, items(run.config()))
            .text(6, run.group())
            .text(7, run.jobType())
            .text(8, run.displayName())
            .text(9, run.notes());
    List<String> tags = run.tags();
    tags.forEach(tag -> message.text(10, tag));
    message.text(13, run.host()).message(17, timestamp(run.start()));
    return run.commit() == null && run.repository() == null
        ? message
        : message.message(21, new Message().text(1, run.repository()).text(2, run.commit()));
  }

  /** The members as the repeated field 1 that config, history and summary have in common. */
  private static Message items(Map<String, ?> values) {
    return items(new Message(), 1, values);
  }

  private static Message items(Message message, int field, Map<String, ?> values) {
    values.forEach(
        (key, value) -> {
          Message item = new Message().text(ITEM_KEY, key);
          message.message(field, item.text(ITEM_VALUE, ValueJson.of(value)));
        });
    return message;
  }

  private static Message timestamp(Instant when) {
    return new Message().number(1, when.getEpochSecond()).number(2, when.getNano());
  }

  private void append(int kind, Message content) throws IOException {
    if (ended) {
      throw new IllegalStateException("the run has ended");
    }
    written++;
    log.append(new Message().number(Field.NUMBER, written).message(kind, content).bytes());
  }

  /** Members of the message around every record. */
  private static final class Field {
    static final int NUMBER = 1;
    static final int HISTORY = 2;
    static final int SUMMARY = 3;
    static final int FILES = 6;
    static final int STATS = 7;
    static final int ARTIFACT = 8;
    static final int ALERT = 10;
    static final int METRIC = 12;
    static final int OUTPUT_RAW = 13;
    static final int RUN = 17;
    static final int EXIT = 18;

    private Field() {}
  }
}
