package dev.sweeprunner.program.guard;

import dev.sweeprunner.host.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** Starts guarded programs in a folder, where they leave their numbers, and watches them. */
final class Stage implements AutoCloseable {
  static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final String token = "root/run/" + UUID.randomUUID();
  final List<String> lines = new ArrayList<>();
  private final Path folder;
  private final Guard guard = new Guard(new SystemClock());
  private final List<GuardedProgram> started = new ArrayList<>();

  Stage(Path folder) {
    this.folder = folder;
  }

  GuardedProgram start(String... words) throws IOException {
    return start(LONG, System.getenv(), words);
  }

  GuardedProgram start(Duration lease, Map<String, String> environment, String... words)
      throws IOException {
    var variables = new HashMap<>(environment);
    variables.remove(Kin.MARK);
    var program = guard.start(new Order(List.of(words), variables, folder, token, lease));
    started.add(program);
    return program;
  }

  /** What bash does with this text, as a program. */
  GuardedProgram bash(String text) throws IOException {
    return start("bash", "-c", text);
  }

  /** Waits for the end while taking its output. */
  End end(GuardedProgram program) {
    long start = System.nanoTime();
    while (program.end().isEmpty()) {
      program.awaitEvent(Duration.ofSeconds(1));
      program.output().take(lines::add);
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError("it has not ended; it printed " + lines);
      }
    }
    program.drain(lines::add);
    return program.end().get();
  }

  /** The number that a process has written into a file of the folder. */
  long pid(String name) {
    Path file = folder.resolve(name);
    await(() -> Files.exists(file) && text(file).endsWith("\n"), name + " to be written");
    return Long.parseLong(text(file).strip());
  }

  static boolean lives(long pid) {
    ProcStat stat = ProcStat.read(Path.of("/proc", Long.toString(pid)));
    return stat != null && !stat.ended();
  }

  void awaitDeath(long pid) {
    await(() -> !lives(pid), "the death of " + pid);
  }

  static void await(BooleanSupplier so, String what) {
    long start = System.nanoTime();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError("waited in vain for " + what);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Sends all of them a signal, with nothing between. */
  static void kill(String signal, long... pids) throws IOException, InterruptedException {
    var words = new StringBuilder("kill -" + signal);
    LongStream.of(pids).forEach(pid -> words.append(' ').append(pid));
    new ProcessBuilder("bash", "-c", words.toString()).start().waitFor();
  }

  static boolean bashIsNew() throws IOException, InterruptedException {
    var asked = new ProcessBuilder("bash", "-c", "((BASH_VERSINFO[0] > 4))").start();
    return asked.waitFor() == 0;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    started.forEach(GuardedProgram::kill);
  }
}
