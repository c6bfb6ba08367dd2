package dev.sweeprunner.wandb.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One post to a run's file stream; one with nothing in it is a heartbeat.
 *
 * @param history lines of the history, or null
 * @param events lines of system metrics, or null
 * @param log lines of the console log, or null
 * @param summary the whole summary as JSON, or null
 * @param uploaded names of files that were uploaded
 * @param preempting whether the run is about to be preempted
 * @param exitCode ends the run, or null while it goes on
 */
public record StreamChunk(
    @Nullable Lines history,
    @Nullable Lines events,
    @Nullable Lines log,
    @Nullable String summary,
    List<String> uploaded,
    boolean preempting,
    @Nullable Integer exitCode) {
  /** Says only that the run is alive. */
  public static final StreamChunk HEARTBEAT =
      new StreamChunk(null, null, null, null, List.of(), false, null);

  /**
   * Consecutive lines of a file.
   *
   * @param offset line number of the first, from 0
   * @param content each without a newline; JSON texts except in the console log
   */
  public record Lines(long offset, List<String> content) {}
}
