package dev.sweeprunner.host;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.process.Command;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The trace of a tested process: one line of JSON per event, {@code n} counting from 1, each
 * appended by a single write; and the point at which the process dies.
 *
 * <p>Any thread may call it. An event that cannot be written is lost: a test must not change what
 * it watches.
 */
public final class EventFile implements Trace, AutoCloseable {
  private static final int KILLED = 137;

  private final FileSystem.@Nullable Appender file;
  private final @Nullable CrashPlan plan;
  private final long pid = ProcessHandle.current().pid();
  private long lines;
  private int reached;

  /**
   * Opens the file for appending.
   *
   * @param file where events go, or null for nowhere
   * @param plan where the process dies, or null for nowhere
   */
  public EventFile(FileSystem files, @Nullable Path file, @Nullable CrashPlan plan)
      throws IOException {
    this.file = file == null ? null : files.openAppender(file);
    this.plan = plan;
  }

  /**
   * The trace that these settings of a test ask for.
   *
   * @param events where events go; empty for nowhere
   * @param crashAt the point at which the process dies; empty for none
   * @throws UserError if a setting cannot be followed
   */
  public static Trace trace(FileSystem files, String events, String crashAt, String crashHow) {
    @Nullable CrashPlan plan = CrashPlan.of(crashAt, crashHow).orElse(null);
    if (events.isEmpty() && plan == null) {
      return Trace.OFF;
    }
    try {
      return new EventFile(files, events.isEmpty() ? null : Path.of(events), plan);
    } catch (IOException e) {
      throw new UserError(
          "test.events", "cannot be opened: " + Why.at(e), "Name a file that can be written");
    }
  }

  @Override
  public void event(String name, String runId, int epoch, long iter) {
    var line = new LinkedHashMap<String, Object>();
    line.put("event", name);
    line.put("run", runId);
    line.put("epoch", epoch);
    line.put("iter", iter);
    append(line);
  }

  @Override
  public void reach(String point) {
    if (plan != null && plan.point().equals(point) && isTheTime(plan)) {
      append(Map.of("event", "crash-point", "point", point));
      die(plan.how());
    }
  }

  private synchronized boolean isTheTime(CrashPlan crash) {
    reached++;
    return reached == crash.time();
  }

  private synchronized void append(Map<String, Object> event) {
    if (file == null) {
      return;
    }
    lines++;
    var line = new LinkedHashMap<String, Object>();
    line.put("n", lines);
    line.put("pid", pid);
    line.putAll(event);
    try {
      file.append(Json.bytes(line));
    } catch (IOException lost) {
      // See the class comment.
    }
  }

  private void die(CrashPlan.How how) {
    switch (how) {
      case HALT -> Runtime.getRuntime().halt(KILLED);
      case STOP -> signal("STOP");
      case TERM -> signal("TERM");
      case HANG -> {
        while (true) {
          LockSupport.park();
        }
      }
    }
  }

  /**
   * A process may not end itself by its own handle, and Java raises no SIGSTOP; the shell may send
   * it a signal. This thread waits for the shell, so it goes no further before the signal is sent.
   */
  private void signal(String name) {
    Command.run(
        List.of("sh", "-c", "kill -" + name + " " + pid),
        Path.of("/"),
        variables -> {},
        Duration.ofSeconds(5),
        0);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
