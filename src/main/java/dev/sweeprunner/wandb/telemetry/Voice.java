package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.RunUpsert;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who tells W&amp;B of a run besides its rows: this worker, or the run's own program. Belongs to
 * the uplink's thread.
 */
interface Voice {
  /** Creates or renews the run. */
  RunUpsert upsert(String entity, @Nullable String storageId);

  /**
   * Whether {@link #upsert} would now say something else than it did.
   *
   * @param ending whether there is no later
   */
  boolean renewed(boolean ending);

  /**
   * The first line of the history that this claim sends.
   *
   * @param lines that W&amp;B has and that an earlier claim has made or had made again
   */
  long from(long lines);

  /** What {@link #upsert} said has arrived. */
  void described();

  /** The run was opened; null where it is new there. */
  void opened(@Nullable RemoteRun there);

  /**
   * Gathers what is to be told.
   *
   * @return whether that is worth a post without rows
   */
  boolean gather() throws IOException;

  /**
   * A post of what was gathered.
   *
   * @param history lines of the history, or null
   * @param due the rows that they are
   */
  StreamChunk post(StreamChunk.@Nullable Lines history, List<Row> due);

  /** The post has arrived. */
  void arrived();

  /**
   * Whether people are to be told something now.
   *
   * @param ending whether this claim of the run has ended
   */
  boolean alerts(boolean ending);

  /** Has people told something. */
  void alert(WandbClient client, RunPath to) throws WandbFailure;

  /**
   * Whether files, or runs that lie beside it, are to be sent now.
   *
   * @param ending whether this claim of the run has ended
   * @param over whether the run has: nobody goes on with it
   */
  boolean filesWanted(boolean ending, boolean over);

  /** Sends some, or has them sent. */
  void upload(WandbClient client, RunPath to) throws WandbFailure;

  /** Whether what was sent off is under way: the end waits for it. */
  default boolean uploading() {
    return false;
  }

  /** Tells once what has befallen that which was sent off. */
  default void uploaded() throws WandbFailure {}

  /** Whether W&amp;B has refused something that is to be tried again later. */
  default boolean owes() {
    return false;
  }

  /**
   * The last words.
   *
   * @param finished whether the run has been done
   */
  StreamChunk last(boolean finished, boolean preempting, @Nullable Integer exitCode);

  /** Lines of a stream, or null for none. */
  static StreamChunk.@Nullable Lines lines(long offset, List<String> content) {
    return content.isEmpty() ? null : new StreamChunk.Lines(offset, content);
  }
}
