package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This worker tells of a run: the lines of the run's log, this machine's metrics, the newest value
 * of each metric, and what the card says. Belongs to one thread.
 */
final class OwnVoice implements Voice {
  private static final int LINES = 1_000;

  private final RunDescriptor descriptor;
  private final LogQueue log;
  private final Supplier<Optional<String>> sample;
  private final RunFiles runFiles;
  private final Summary newest = new Summary();
  private LogQueue.Batch lines = LogQueue.Batch.NONE;
  private List<String> events = List.of();
  private long sentLines;
  private long sentEvents;

  /**
   * Has told nothing yet.
   *
   * @param sample newest system metrics as a line, or empty while there is no new one
   * @param machine what is said of this machine
   */
  OwnVoice(
      RunDescriptor descriptor,
      LogQueue log,
      Supplier<Optional<String>> sample,
      Map<String, ?> machine) {
    this.descriptor = descriptor;
    this.log = log;
    this.sample = sample;
    this.runFiles = new RunFiles(descriptor, machine);
  }

  @Override
  public RunUpsert upsert(String entity, @Nullable String storageId) {
    return descriptor.upsert(entity, storageId);
  }

  @Override
  public boolean renewed(boolean ending) {
    return false;
  }

  /** A line that is made again is the same one. */
  @Override
  public long from(long lines) {
    return lines;
  }

  @Override
  public void described() {}

  @Override
  public void opened(@Nullable RemoteRun there) {
    sentLines = there == null ? 0 : there.logLines();
    sentEvents = there == null ? 0 : there.eventsLines();
    if (there != null) {
      newest.after(there.summary());
    }
  }

  @Override
  public boolean gather() {
    lines = log.peek(LINES);
    return !lines.lines().isEmpty();
  }

  @Override
  public StreamChunk post(StreamChunk.@Nullable Lines history, List<Row> due) {
    due.forEach(newest::row);
    events = sample.get().map(List::of).orElse(List.of());
    return new StreamChunk(
        history,
        Voice.lines(sentEvents, events),
        Voice.lines(sentLines, lines.lines()),
        due.isEmpty() ? null : newest.json(),
        runFiles.names(),
        false,
        null);
  }

  @Override
  public void arrived() {
    sentEvents += events.size();
    sentLines += lines.lines().size();
    log.sent(lines);
    lines = LogQueue.Batch.NONE;
    events = List.of();
    runFiles.told();
  }

  @Override
  public boolean alerts(boolean ending) {
    return false;
  }

  @Override
  public void alert(WandbClient client, RunPath to) {}

  @Override
  public boolean filesWanted(boolean ending, boolean over) {
    return runFiles.wanted();
  }

  @Override
  public void upload(WandbClient client, RunPath to) throws WandbFailure {
    runFiles.upload(client, to);
  }

  @Override
  public StreamChunk last(boolean finished, boolean preempting, @Nullable Integer exitCode) {
    return new StreamChunk(
        null,
        null,
        null,
        newest.isEmpty() ? null : newest.json(),
        runFiles.names(),
        preempting,
        exitCode);
  }
}
