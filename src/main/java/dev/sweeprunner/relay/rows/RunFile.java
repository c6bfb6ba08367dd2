package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code run.json}: a run as its program describes it. Written only where that has changed; where
 * it is the summary alone, which changes with each row, every few seconds. Guarded by its book.
 */
final class RunFile {
  private static final Duration SUMMARY_EVERY = Duration.ofSeconds(5);

  private final FileSystem files;
  private final Path path;
  private final Clock clock;
  private TrackedRun run;
  private @Nullable TrackedRun written;
  private long writtenAt;

  /** The file in this folder, which need not be there; begins with {@code run}. */
  RunFile(FileSystem files, Path folder, Clock clock, TrackedRun run) {
    this.files = files;
    this.path = in(folder);
    this.clock = clock;
    this.run = run;
  }

  /** Where it lies. */
  static Path in(Path folder) {
    return folder.resolve("run.json");
  }

  /** The run as it is now. */
  TrackedRun run() {
    return run;
  }

  /** It is described otherwise; written at once. */
  void described(TrackedRun changed) throws IOException {
    run = changed;
    write();
  }

  /** Its summary is another; written if it is time. */
  void summary(String summary) throws IOException {
    run = new TrackedRun(run.config(), summary, run.names());
    tick();
  }

  /** Writes what waited, if it is time. */
  void tick() throws IOException {
    if (written == null || clock.nanos() - writtenAt >= SUMMARY_EVERY.toNanos()) {
      write();
    }
  }

  /** Writes what waited. */
  void write() throws IOException {
    TrackedRun now = run;
    if (!now.equals(written == null ? TrackedRun.UNSAID : written)) {
      files.makeFolders(path.toAbsolutePath().resolveSibling(""));
      files.replace(path, now.json());
      written = now;
      writtenAt = clock.nanos();
    }
  }
}
