package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The book of a run beside a claim's own, in a folder of its own: keeps what it is told as it was
 * told. In it {@code history.jsonl}, {@code run.json}, {@code events.jsonl}, {@code output.log}, as
 * those of a claim. Any thread.
 */
public final class SideBook implements Book, AutoCloseable {
  private SideBook() {}

  /**
   * Opens the book of a run in this folder, which need not be there yet.
   *
   * @throws IOException if what is there already cannot be read
   */
  public static SideBook open(FileSystem files, Path folder, Clock clock) throws IOException {
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
