package dev.sweeprunner.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One run of another program: no input, both outputs drained, killed with its children at its
 * limit.
 */
public final class Command {
  private static final int KEPT_ERRORS = 16 * 1024;
  private static final Duration GRACE = Duration.ofSeconds(1);

  private Command() {}

  /**
   * Runs a program to its end.
   *
   * @param folder its working directory
   * @param environment edits the variables, which begin as this process's own
   * @param limit how long it may take
   * @param kept bytes of its output that are kept; the rest is read and dropped
   */
  public static Outcome run(
      List<String> words,
      Path folder,
      Consumer<Map<String, String>> environment,
      Duration limit,
      int kept) {
    var builder = new ProcessBuilder(words).directory(folder.toFile());
    environment.accept(builder.environment());
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    try {
      return await(builder.start(), limit, kept);
    } catch (IOException e) {
      return new Outcome.NotStarted(words.get(0) + " could not be started: " + e.getMessage());
    }
  }

  private static Outcome await(Process process, Duration limit, int kept) {
    var out = Drain.of(process.getInputStream(), kept);
    var err = Drain.of(process.getErrorStream(), KEPT_ERRORS);
    try {
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return new Outcome.TimedOut(limit, err.text());
      }
      out.join(GRACE.toMillis());
      err.join(GRACE.toMillis());
      return new Outcome.Ended(process.exitValue(), out.text(), out.dropped(), err.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.TimedOut(limit, err.text());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** How a program ended. */
  public sealed interface Outcome {
    /**
     * By itself.
     *
     * @param exit its code
     * @param out its output as far as kept
     * @param dropped bytes of output that were not kept
     * @param err its error output as far as kept
     */
    record Ended(int exit, String out, long dropped, String err) implements Outcome {}

    /**
     * Not in its time; it was killed.
     *
     * @param err what it had said of errors by then, as far as kept
     */
    record TimedOut(Duration limit, String err) implements Outcome {}

    /** It never began. */
    record NotStarted(String why) implements Outcome {}
  }

  /** Reads a stream to its end so that the writer never blocks. */
  private static final class Drain extends Thread {
    private final InputStream stream;
    private final int kept;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long dropped;

    private Drain(InputStream stream, int kept) {
      super("drain");
      this.stream = stream;
      this.kept = kept;
      setDaemon(true);
    }

    static Drain of(InputStream stream, int kept) {
      var drain = new Drain(stream, kept);
      drain.start();
      return drain;
    }

    @Override
    public void run() {
      var buffer = new byte[8192];
      try (stream) {
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
          take(buffer, n);
        }
      } catch (IOException closed) {
        // The process was killed; what was read stays.
      }
    }

    private synchronized void take(byte[] buffer, int n) {
      int room = Math.min(n, kept - bytes.size());
      bytes.write(buffer, 0, room);
      dropped += n - room;
    }

    synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    synchronized long dropped() {
      return dropped;
    }
  }
}
