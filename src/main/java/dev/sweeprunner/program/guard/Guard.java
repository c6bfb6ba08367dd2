package dev.sweeprunner.program.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.run.Clock;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Starts programs, each behind a guard of its own: a bash that ends the program, all of it, when
 * this process dies, freezes or says so. One per worker; any thread may call it.
 *
 * <p>The guard's text travels in its environment: there is no file that a build could change or a
 * crash leave behind, and a list of processes stays readable.
 */
public final class Guard {
  private static final String TEXT = "SWEEP_RUNNER_GUARD";
  private static final String NAME = "sweep-runner-guard";
  private static final int PROBE_S = 10;
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /**
   * What bash changes in an environment, or the guard for its own use. Two things stay: {@code _}
   * is gone, and a missing {@code SHLVL} is 0.
   */
  private static final List<String> TOUCHED =
      List.of("SHLVL", "PWD", "OLDPWD", "PATH", "POSIXLY_CORRECT");

  private final Clock clock;
  private final String text;
  private @Nullable Boolean parentDeathSignal;

  /**
   * A guard room.
   *
   * @param clock tells when a program last printed
   */
  public Guard(Clock clock) {
    this.clock = clock;
    this.text = text();
  }

  /**
   * Starts a program. That it cannot be executed is its {@link End}.
   *
   * @throws IOException if not even its guard can be started: no bash, no such folder, no process
   *     left
   */
  public GuardedProgram start(Order order) throws IOException {
    var sent = new ArrayList<String>();
    var builder = new ProcessBuilder().directory(order.folder().toFile());
    setEnvironment(builder.environment(), order, sent);
    int variables = sent.size();
    sent.addAll(order.argv());
    var process = start(builder, words(order, variables));
    send(process.getOutputStream(), sent);
    return new GuardedProgram(process, order.token(), clock);
  }

  private List<String> words(Order order, int variables) {
    return List.of(
        "bash",
        "-p",
        "-c",
        "eval \"$" + TEXT + "\"",
        NAME,
        order.token(),
        Long.toString(order.lease().toMillis() / 10),
        !order.lease().isZero() && diesWithParent() ? "yes" : "no",
        Integer.toString(variables),
        Integer.toString(order.argv().size()));
  }

  /** A session of its own, where that program is there: no terminal and no group reaches it. */
  private static Process start(ProcessBuilder builder, List<String> words) throws IOException {
    var withSession = new ArrayList<String>();
    withSession.add("setsid");
    withSession.addAll(words);
    try {
      return builder.command(withSession).start();
    } catch (IOException none) {
      return builder.command(words).start();
    }
  }

  /**
   * What is as this process has it stays as it is, byte for byte; what Java might not be able to
   * write in this locale, and what bash would change, is sent to be set at the last moment.
   */
  private void setEnvironment(Map<String, String> inherited, Order order, List<String> sent) {
    var wanted = order.environment();
    inherited.keySet().retainAll(wanted.keySet());
    wanted.forEach(
        (name, value) -> {
          if (!value.equals(inherited.get(name))) {
            if (isAscii(name + value) || !IDENTIFIER.matcher(name).matches()) {
              inherited.put(name, value);
            } else {
              sent.add(name + "=" + value);
            }
          }
        });
    for (String name : TOUCHED) {
      String value = wanted.get(name);
      sent.add(value == null ? name : name + "=" + value);
    }
    inherited.remove(Kin.MARK, order.token());
    inherited.put(TEXT, text);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(letter -> letter < 128);
  }

  private static void send(OutputStream guard, List<String> sent) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (String each : sent) {
      if (each.indexOf(0) >= 0) {
        throw new IOException("a word of the program holds a zero byte: " + each);
      }
      bytes.writeBytes(each.getBytes(UTF_8));
      bytes.write(0);
    }
    try {
      guard.write(bytes.toByteArray());
      guard.flush();
    } catch (IOException gone) {
      // The guard was killed already; who watches it says so.
    }
  }

  private synchronized boolean diesWithParent() {
    if (parentDeathSignal == null) {
      parentDeathSignal = succeeds("setpriv", "--pdeathsig", "KILL", "--", "true");
    }
    return parentDeathSignal;
  }

  private static boolean succeeds(String... words) {
    var nowhere = new File("/dev/null");
    try {
      var process =
          new ProcessBuilder(words)
              .redirectInput(nowhere)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(PROBE_S, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException none) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The script without its comments, which bash would read each time. */
  private static String text() {
    try (InputStream script = Guard.class.getResourceAsStream("guard.bash")) {
      if (script == null) {
        throw new IllegalStateException("guard.bash is not packed");
      }
      var lines = new StringBuilder();
      new String(script.readAllBytes(), UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(line -> lines.append(line).append('\n'));
      return lines.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
