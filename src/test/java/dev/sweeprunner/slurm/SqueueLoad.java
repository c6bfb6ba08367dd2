package dev.sweeprunner.slurm;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.Delegating;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.ToldWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * What the workers of many hosts ask of Slurm: those of each host share its folder, all of them a
 * storage root, and time is virtual. Each looks at some held runs every half minute or so, as one
 * that waits for work does. The programs that they call write down what they are asked.
 *
 * <p>Usage: {@code SqueueLoad BIN ROOT CONTROLLER HOSTS WORKERS HELD PER_ARRAY MINUTES}. What was
 * asked at the workers' start is moved to {@code BIN/calls.start}.
 */
final class SqueueLoad {
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final double JITTER = 0.3;

  private final SettableClock clock = new SettableClock();
  private final ToldWorkers reports = new ToldWorkers();
  private final SplittableRandom random = new SplittableRandom(7);
  private final Path bin;
  private final Path root;

  private SqueueLoad(Path bin, Path root) {
    this.bin = bin;
    this.root = root;
  }

  /** One worker: when it looks next, and what it asks. */
  private record Worker(long at, Scheduler scheduler, SlurmTask task) {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    int[] numbers = new int[5];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Integer.parseInt(args[3 + i]);
    }
    SqueueLoad load = new SqueueLoad(Path.of(args[0]), Path.of(args[1]));
    Files.createDirectories(load.root.resolve("out"));
    PriorityQueue<Worker> workers = load.start(args[2], numbers[0], numbers[1], numbers[3]);
    Files.move(load.bin.resolve("calls"), load.bin.resolve("calls.start"));
    load.look(workers, numbers[2], Duration.ofMinutes(numbers[4]));
  }

  private PriorityQueue<Worker> start(String controller, int hosts, int workers, int perArray) {
    PriorityQueue<Worker> all =
        new PriorityQueue<>((one, other) -> Long.compare(one.at(), other.at()));
    for (int k = 0; k < hosts * workers; k++) {
      SlurmTask told =
          new SlurmTask(
              Integer.toString(8_000_000 + k),
              Integer.toString(7_000_000 + k / perArray),
              Integer.toString(k % perArray),
              0,
              "n" + k % hosts,
              controller);
      Slurm slurm = slurm(root.resolve("host" + k % hosts), told);
      SlurmTask known = slurm.verified().orElseThrow();
      reports.report(ToldWorkers.status(owner(known), null, 0));
      all.add(new Worker(wait(random.nextDouble()), slurm.scheduler(), known));
    }
    return all;
  }

  private Slurm slurm(Path host, SlurmTask told) {
    long fresh = (long) (FRESH.toNanos() * (1 + JITTER * random.nextDouble()));
    return new Slurm(
        new Slurm.Options(
            bin.toString(), "ann", "", Duration.ofSeconds(60), Duration.ofNanos(fresh)),
        new ServedFiles(),
        new Slurm.Places(host, new Layout(root), reports),
        clock,
        Runnable::run,
        told);
  }

  private void look(PriorityQueue<Worker> workers, int held, Duration minutes) {
    List<SlurmTask> owners = new ArrayList<>();
    workers.stream().limit(held).forEach(worker -> owners.add(worker.task()));
    while (workers.element().at() < minutes.toNanos()) {
      Worker next = workers.remove();
      clock.advance(Duration.ofNanos(Math.max(0, next.at() - clock.nanos())));
      owners.forEach(task -> next.scheduler().view(owner(task)));
      long at = next.at() + wait(1 + JITTER * (2 * random.nextDouble() - 1));
      workers.add(new Worker(at, next.scheduler(), next.task()));
    }
  }

  private static long wait(double factor) {
    return (long) (FRESH.toNanos() * factor);
  }

  private static Owner owner(SlurmTask task) {
    return new Owner("i", "w", "a", "host", "m", "b", 1, "1", "1", "ann", "cpu", task);
  }

  /** Files of a server with the virtual clock. */
  private final class ServedFiles extends Delegating {
    ServedFiles() {
      super(new LocalFiles());
    }

    @Override
    public Instant modified(Path file) throws IOException {
      super.modified(file);
      return clock.now();
    }
  }
}
