package dev.sweeprunner.wandb.check;

import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.Upserted;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run that a check makes. One thread. */
final class ScratchRun {
  private final WandbClient client;
  private final RunPath path;
  private final String group;
  private boolean made;
  private boolean open;

  ScratchRun(WandbClient client, RunPath path, String group) {
    this.client = client;
    this.path = path;
    this.group = group;
  }

  RunPath path() {
    return path;
  }

  /** Creates or changes it; null leaves the config as it is. */
  Upserted write(@Nullable Map<String, @Nullable Object> config) throws WandbFailure {
    Upserted answer =
        client.upsert(new RunUpsert(path, null, config, group, null, null, null, null, null, null));
    open |= !made;
    made = true;
    return answer;
  }

  /** Creates or changes it; null leaves a field as it is. */
  void describe(@Nullable String notes, @Nullable List<String> tags) throws WandbFailure {
    client.upsert(new RunUpsert(path, null, null, group, null, notes, null, null, null, tags));
    open |= !made;
    made = true;
  }

  /** Uploads a file and says so. */
  void file(String name, byte[] content) throws WandbFailure {
    post(StreamChunk.HEARTBEAT);
    client.upload(path, Map.of(name, content));
    post(new StreamChunk(null, null, null, null, List.of(name), false, null));
  }

  /** Posts console lines. */
  void console(long offset, List<String> content) throws WandbFailure {
    StreamChunk.Lines lines = new StreamChunk.Lines(offset, content);
    post(new StreamChunk(null, null, lines, null, List.of(), false, null));
  }

  /** Posts to it, making it first where it is not there. */
  void post(StreamChunk chunk) throws WandbFailure {
    if (!made) {
      write(null);
    }
    client.stream(path, chunk);
    open = chunk.exitCode() == null;
  }

  /** Posts history lines. */
  void lines(long offset, List<String> content) throws WandbFailure {
    StreamChunk.Lines lines = new StreamChunk.Lines(offset, content);
    post(new StreamChunk(lines, null, null, null, List.of(), false, null));
  }

  /** Posts a whole summary. */
  void summary(String json) throws WandbFailure {
    post(new StreamChunk(null, null, null, json, List.of(), false, null));
  }

  /** Says that it will be preempted. */
  void preempting() throws WandbFailure {
    post(new StreamChunk(null, null, null, null, List.of(), true, null));
  }

  /** Ends it. */
  void exit(int code) throws WandbFailure {
    post(new StreamChunk(null, null, null, null, List.of(), false, code));
  }

  Optional<RemoteRun> read() throws WandbFailure {
    return client.run(path);
  }

  /** Its state; {@code absent} where the server shows no such run. */
  String state() throws WandbFailure {
    return read().map(RemoteRun::state).orElse("absent");
  }

  /** How many history lines it has; -1 where the server shows no such run. */
  long lineCount() throws WandbFailure {
    return read().map(RemoteRun::historyLines).orElse(-1L);
  }

  void close() throws WandbFailure {
    if (open) {
      exit(0);
    }
  }
}
