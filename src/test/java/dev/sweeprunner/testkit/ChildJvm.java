package dev.sweeprunner.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A real process that runs a main method of the tests and talks on its standard output. */
public final class ChildJvm implements AutoCloseable {
  private static final long PATIENCE_S = 60;

  private final Process process;
  private final BufferedReader out;

  private ChildJvm(Process process) {
    this.process = process;
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Starts {@code main} in a JVM of its own with the class path of this test. */
  public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    var words = new ArrayList<String>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(List.of(arguments));
    return of(words);
  }

  /** Starts any program. */
  public static ChildJvm of(List<String> words) throws IOException {
    var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    return new ChildJvm(builder.start());
  }

  /**
   * Whether whoever started this process has it, and so its children, ignore a signal: a shell does
   * so behind an "&amp;", and nohup.
   */
  public static boolean ignored(int signal) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
        .anyMatch(mask -> (mask >> (signal - 1) & 1) == 1);
  }

  /** The next line it prints; fails when it ends before, or says nothing for a minute. */
  public String line() throws IOException {
    var end = process.onExit().orTimeout(PATIENCE_S, TimeUnit.SECONDS);
    end.whenComplete(
        (ended, late) -> {
          if (late instanceof TimeoutException) {
            process.destroyForcibly();
          }
        });
    var line = out.readLine();
    end.cancel(false);
    if (line == null) {
      throw new IOException(
          "the child ended without another line, or was silent for " + PATIENCE_S + " s");
    }
    return line;
  }

  /** Sends it an empty line on its standard input. */
  public void go() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Its number. */
  public long pid() {
    return process.pid();
  }

  /** Sends it a signal by name. */
  public void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("bash", "-c", "kill -" + name + " " + pid()).start();
    if (kill.waitFor() != 0) {
      throw new IOException("signal " + name + " could not be sent");
    }
  }

  /** SIGKILL, and waits until it is reaped. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Its exit code; 128 and the signal's number where a signal ended it. */
  public int exitCode() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the child did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
