package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.TrackedAlert;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run as a life's client tells of it: takes what it posts, and knows what it is to be answered.
 * What a method has taken is in the claim's files when it returns. Any thread.
 */
public interface Book extends AutoCloseable {
  /** What the client is to be told of its run. */
  Known known();

  /** A post has begun to arrive. */
  void begun();

  /** A post that had begun was answered, or broke off. */
  void ended();

  /**
   * Lines of the history.
   *
   * @param offset the number of the first, from {@link Known#historyLines} on; a line that was
   *     taken already is taken once
   */
  void history(long offset, List<String> lines) throws IOException;

  /** The whole summary, a JSON object. */
  void summary(String json) throws IOException;

  /** Lines of system metrics, as {@link #history}. */
  void events(long offset, List<String> lines) throws IOException;

  /** Lines of the console by their numbers; one that was taken already may have changed. */
  void console(long offset, List<String> lines) throws IOException;

  /** The program wants people to be told something; each time anew. */
  void alert(TrackedAlert alert) throws IOException;

  /**
   * The client describes the run.
   *
   * @param variables of its UpsertBucket; null leaves what was said before
   */
  void described(Map<String, @Nullable Object> variables) throws IOException;

  /** The client is done; nothing follows, unless the program opens the run again. */
  void complete(int exitCode) throws IOException;

  /** Nothing is taken after that. */
  @Override
  void close() throws IOException;

  /**
   * What the client is told of its run.
   *
   * @param exists false for a run that is new to it
   * @param historyLines the number of the next line of the history
   * @param eventsLines likewise of system metrics
   * @param consoleLines likewise of the console
   * @param tail the step of the newest row, or -1: the client goes on with the next one
   * @param config a JSON object, each value wrapped
   * @param summary a JSON object
   */
  record Known(
      boolean exists,
      long historyLines,
      long eventsLines,
      long consoleLines,
      long tail,
      String config,
      String summary) {}
}
