package dev.sweeprunner.e2e;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sweeprunner.testkit.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import sun.misc.Signal;

/** A process of the built jar, its output in two files. */
final class JarProcess implements AutoCloseable {
  private final Process process;
  private final Path out;
  private final Path err;

  private JarProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts one.
   *
   * @param folder its working directory, which also takes its output
   * @param arguments after {@code -jar}
   */
  static JarProcess start(Path folder, List<String> arguments) {
    return start(folder, List.of(), Map.of(), arguments);
  }

  /** Starts one with these environment variables beside its own. */
  static JarProcess start(Path folder, Map<String, String> environment, List<String> arguments) {
    return start(folder, List.of(), environment, arguments);
  }

  private static JarProcess start(
      Path folder, List<String> jvm, Map<String, String> environment, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    words.addAll(jvm);
    words.addAll(List.of("-jar", jar()));
    words.addAll(arguments);
    try {
      Path out = Files.createTempFile(folder, "process", ".out");
      Path err = Files.createTempFile(folder, "process", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeIf(JarProcess::steers);
      builder.environment().putAll(environment);
      return new JarProcess(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one to its end, within two minutes. */
  static Ended run(Path folder, List<String> arguments) {
    try (JarProcess process = start(folder, arguments)) {
      return process.await(Duration.ofMinutes(10));
    }
  }

  /** As above, with these environment variables beside its own. */
  static Ended run(Path folder, Map<String, String> environment, List<String> arguments) {
    try (JarProcess process = start(folder, environment, arguments)) {
      return process.await(Duration.ofMinutes(10));
    }
  }

  /** As above, and writes the names of all classes that it loads into {@code classes}. */
  static Ended run(Path folder, Path classes, List<String> arguments) {
    List<String> jvm = List.of("-Xlog:class+load:file=" + classes);
    try (JarProcess process = start(folder, jvm, Map.of(), arguments)) {
      return process.await(Duration.ofMinutes(2));
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Everything printed so far, on both outputs. */
  String printed() {
    try {
      return Files.readString(out) + Files.readString(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a signal by its name, for example {@code TERM}; skips where tests run that ignore it. */
  void signal(String name) {
    try {
      int number = new Signal(name).getNumber();
      assumeTrue(!ChildJvm.ignored(number), "SIG" + name + " IS IGNORED where these tests run");
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL, and waits until it is dead. */
  void kill() {
    process.destroyForcibly();
    await(Duration.ofSeconds(30));
  }

  /** How it ended, or a failure after the limit. */
  Ended await(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), MILLISECONDS)) {
        throw new AssertionError("still running after " + limit + ":\n" + printed());
      }
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  private static String jar() {
    return Objects.requireNonNull(
        System.getProperty("sweep-runner.jar"), "the build names the jar to test");
  }

  private static boolean steers(String variable) {
    return variable.equals("TC_STORAGE_ROOT")
        || variable.startsWith("SLURM_")
        || variable.startsWith("WANDB_")
        || variable.startsWith("SWEEP_RUNNER_");
  }

  /**
   * How a process ended.
   *
   * @param code its exit code
   * @param out what it printed
   * @param err what it printed on its error output
   */
  record Ended(int code, String out, String err) {}
}
