package dev.sweeprunner.program.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.run.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A started program and its guard. Any thread may call it; who takes its output is one thread.
 *
 * <p>If this process dies, the guard ends the program at once; if it freezes, when the lease is
 * over; if the guard is killed, this process ends the program. <em>The program</em> is all of it:
 * its descendants and whoever bears the claim's mark, whatever sessions they made.
 */
public final class GuardedProgram implements AutoCloseable {
  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FREEZING = Duration.ofSeconds(1);
  private static final Duration DRAINING = Duration.ofSeconds(1);
  private static final Pattern PREFIX =
      Pattern.compile("^(environment|sweep-runner-guard): [^:]*\\d+: (exec: )?");

  private final Process process;
  private final String token;
  private final Object telling = new Object();
  private final Events events = new Events();
  private final ProgramOutput output;
  private final Status status;
  private volatile OptionalLong pid = OptionalLong.empty();
  private volatile @Nullable End end;
  private volatile boolean gone;
  private volatile boolean deaf;
  private volatile boolean quiet;
  private volatile boolean dismissed;

  /** How often the guard said that all of it stands still. */
  private volatile int frozen;

  /** Signals whose answer is to come, and one for ever where the answer was: many. */
  private volatile int open;

  GuardedProgram(Process process, String token, Clock clock) {
    this.process = process;
    this.token = token;
    String mark = "\0end " + process.pid() + "\0\n";
    this.output =
        new ProgramOutput(process.getInputStream(), mark, this::moreToCome, clock, events);
    this.status = new Status(this::whyNotStarted);
    renew();
    output.start(this::hangUp);
    var listener = new Thread(this::listen, "guard-" + process.pid());
    listener.setDaemon(true);
    listener.start();
    var unused = process.onExit().thenAccept(this::guardEnded);
  }

  /**
   * Gives the program another lease from now on, by a clock that counts the machine's sleep too.
   * One short write; a guard that is gone is not this method's business.
   */
  public void renew() {
    try {
      String up = ProcStat.text(UPTIME);
      tell("renew " + up.substring(0, up.indexOf(' ')).replace(".", ""));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(UPTIME + " cannot be read", unreadable);
    }
  }

  /**
   * Asks the program to go: a signal to its main process, and to the children of a shell or another
   * wrapper that keeps signals to itself. Whoever was asked may finish; how long is the caller's to
   * say, with {@link #kill}. Then {@link #end} comes when the last of them is gone.
   *
   * @param name of the signal, for example {@code TERM}
   */
  public void signal(String name) {
    open(1);
    tell("signal " + name);
  }

  /**
   * Stops all of it, but for the helpers of W&amp;B's client: what the program has logged they go
   * on sending. Returns once it stands still; a kill may follow.
   *
   * @return whether it does; false if it has ended, or its guard does not answer
   */
  public boolean freeze() {
    int before = frozen;
    tell("freeze");
    return events.awaitFirmly(FREEZING, () -> frozen > before || end != null) && end == null;
  }

  /** Lets it go on after {@link #freeze}. A signal that was sent meanwhile comes first. */
  public void thaw() {
    tell("thaw");
  }

  private synchronized void open(int more) {
    open += more;
  }

  /**
   * Ends all of it at once, and returns when nobody is left.
   *
   * @return whether that is so; false after 20 s in which somebody could not be killed, as happens
   *     when the kernel hangs in a file system
   */
  public boolean kill() {
    tell("kill");
    if (!events.awaitFirmly(PATIENCE, () -> gone)) {
      gone = new Kin().end(token::equals);
      process.destroyForcibly();
      events.tell();
    }
    return gone && events.awaitFirmly(DRAINING, () -> end != null);
  }

  /** How it ended; empty while it has not. */
  public Optional<End> end() {
    return Optional.ofNullable(end);
  }

  /** Waits until there are lines to take, it has ended, or the time is over. */
  public boolean awaitEvent(Duration atMost) {
    return events.await(atMost, () -> end != null || output.hasLines());
  }

  /** The main process, once it has begun. */
  public OptionalLong pid() {
    return pid;
  }

  /** What it prints, both streams in one. */
  public ProgramOutput output() {
    return output;
  }

  /**
   * After the end: hands over the lines that are still to come, which were printed before it. Waits
   * a second at most; what is printed by leftovers is dropped.
   */
  public void drain(Consumer<String> lines) {
    output.drain(DRAINING, lines);
  }

  /**
   * Ends all of it if it has not ended; after its own end, its leftovers keep their two seconds and
   * the guard goes on alone.
   */
  @Override
  public void close() {
    if (end == null) {
      kill();
    }
    dismissed = true;
    output.dismiss();
    hangUp();
  }

  /** Whether nobody of it is left, leftovers included, as far as the guard has looked. */
  public boolean isGone() {
    return gone;
  }

  private void tell(String line) {
    try {
      var guard = process.getOutputStream();
      synchronized (telling) {
        guard.write((line + "\n").getBytes(UTF_8));
        guard.flush();
      }
    } catch (IOException unheard) {
      // Nobody listens: it has ended all, and says so, or was killed, which its other half may
      // miss.
      if (deaf && end == null) {
        lost();
        process.destroyForcibly();
      }
      deaf = true;
    }
  }

  private void listen() {
    try (var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int before = status.questions();
        boolean many = status.askedMany();
        status.take(line);
        quiet = status.quiet();
        open(before - status.questions() + (status.askedMany() && !many ? 1 : 0));
        pid = status.pid();
        frozen = status.frozen();
        gone |= status.gone();
        settle(status.end());
        hangUp();
      }
    } catch (IOException closed) {
      // As its end.
    }
    if (!status.over()) {
      lost();
    }
    settle(null);
    hangUp();
  }

  /** Whether what was printed before the end goes on after the guard's first mark. */
  private boolean moreToCome() {
    return open > 0 && (quiet || !gone);
  }

  /** The guard stays until it is not needed and its output is read. */
  private void hangUp() {
    if (gone && (dismissed || output.isDrained())) {
      try {
        process.getOutputStream().close();
      } catch (IOException dead) {
        // Nothing was left to be written.
      }
    }
  }

  /** Faster than the end of its stream, which the other half of the guard holds open. */
  private void guardEnded(Process guard) {
    if (guard.exitValue() != 0) {
      lost();
    }
  }

  private synchronized void lost() {
    gone |= new Kin().end(token::equals);
    settle(status.expired() ? new End.Expired() : new End.GuardLost());
  }

  private synchronized void settle(@Nullable End told) {
    if (end == null && told != null) {
      end = told;
    }
    events.tell();
  }

  private String whyNotStarted() {
    output.awaitDrained(DRAINING);
    var said = output.newest();
    String last = said.isEmpty() ? "it could not be executed" : said.get(said.size() - 1);
    return PREFIX.matcher(last).replaceFirst("");
  }
}
