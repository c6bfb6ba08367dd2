package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.TrackedAlert;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The book of a run beside a claim's own, in a folder of its own: keeps what it is told as it was
 * told. In it {@code history.jsonl}, {@code run.json}, {@code events.jsonl}, {@code output.log}, as
 * those of a claim. Any thread.
 */
public final class SideBook implements Book {
  private final TrackedFolder told;
  private final LineFile history;
  private final Offsets numbers;
  private long tail;
  private boolean exists;

  private SideBook(TrackedFolder told, LineFile history, Offsets numbers, boolean exists) {
    this.told = told;
    this.history = history;
    this.numbers = numbers;
    this.exists = exists || numbers.next() > 0;
    this.tail = -1;
    LineFile.each(history.path(), row -> tail = row.step());
  }

  /**
   * Opens the book of a run in this folder, which need not be there yet.
   *
   * @throws IOException if what is there already cannot be read
   */
  public static SideBook open(FileSystem files, Path folder, Clock clock) throws IOException {
    Rules rules = new Rules();
    TrackedRun before = before(files, folder);
    LineFile history = new LineFile(files, folder.resolve("history.jsonl"));
    return new SideBook(
        new TrackedFolder(
            files, folder, clock, rules, before == null ? TrackedRun.UNSAID : before, words -> {}),
        history,
        new Offsets(rules, LineFile.count(history.path())),
        before != null);
  }

  private static @Nullable TrackedRun before(FileSystem files, Path folder) throws IOException {
    try {
      return TrackedRun.read(files.read(RunFile.in(folder)));
    } catch (NoSuchFileException | UnreadableJson none) {
      return null;
    }
  }

  @Override
  public synchronized Known known() {
    return new Known(
        exists,
        numbers.next(),
        told.eventLines(),
        told.consoleLines(),
        tail,
        told.run().config(),
        told.run().summary());
  }

  @Override
  public void begun() {}

  @Override
  public synchronized void ended() {}

  @Override
  public synchronized void history(long offset, List<String> lines) throws IOException {
    history.write();
    for (int i = numbers.taken(offset); i < lines.size(); i++) {
      String line = lines.get(i);
      tail = Logged.of(line, 0).map(Logged::step).orElse(tail);
      history.add(line);
      numbers.take(offset + i);
      exists = true;
    }
    history.write();
  }

  @Override
  public synchronized void summary(String json) throws IOException {
    told.summary(json);
  }

  @Override
  public synchronized void events(long offset, List<String> lines) throws IOException {
    told.events(offset, lines);
  }

  @Override
  public synchronized void console(long offset, List<String> lines) throws IOException {
    told.console(offset, lines);
  }

  @Override
  public synchronized void alert(TrackedAlert alert) throws IOException {
    told.alert(alert);
  }

  @Override
  public synchronized void described(Map<String, @Nullable Object> variables) throws IOException {
    exists = true;
    told.described(variables);
  }

  @Override
  public synchronized void complete(int exitCode) throws IOException {
    told.write();
  }

  /** Writes what waited for its time, and closes the files. */
  @Override
  public synchronized void close() throws IOException {
    told.close();
    history.write();
    history.close();
  }
}
