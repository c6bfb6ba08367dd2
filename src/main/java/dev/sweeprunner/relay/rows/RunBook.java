package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The book of a claim's own run in one life: makes the run's rows of what the program's client
 * posts. Any thread. What it has answered lies in the claim's files whatever dies.
 */
public final class RunBook implements Book, AutoCloseable {
  private RunBook() {}

  /**
   * Opens the book of a life; reads what dead claims have kept where the base is unknown.
   *
   * @throws IOException if that cannot be read now
   */
  public static RunBook open(
      FileSystem files, Layout layout, Clock clock, Relay.Opening opening) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** As {@link Relay.Life#rows}. */
  public List<Row> rows() {
    throw new UnsupportedOperationException();
  }

  /** As {@link Relay.Life#rest}. */
  public List<Row> rest() {
    throw new UnsupportedOperationException();
  }

  /** As {@link Relay.Life#stepAt}. */
  public OptionalLong stepAt(double moment) {
    throw new UnsupportedOperationException();
  }

  /** As {@link Relay.Life#covers}. */
  public boolean covers(double moment) {
    throw new UnsupportedOperationException();
  }

  /** As {@link Relay.Life#tracked}. */
  public TrackedRun tracked(long step) {
    throw new UnsupportedOperationException();
  }

  /** As {@link Relay.Life#complete}. */
  public boolean complete() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Known known() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void begun() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void ended() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void history(long offset, List<String> lines) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void summary(String json) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void events(long offset, List<String> lines) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void console(long offset, List<String> lines) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void described(Map<String, @Nullable Object> variables) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void complete(int exitCode) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Writes what waited for its time, and closes the files; nothing is taken after that. */
  @Override
  public void close() throws IOException {
    throw new UnsupportedOperationException();
  }
}
