package dev.sweeprunner.bench;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.work.Claimer;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.wandb.api.ClientPorts;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.registry.Entity;
import dev.sweeprunner.wandb.registry.Identity;
import dev.sweeprunner.wandb.registry.RegistryPorts;
import dev.sweeprunner.wandb.registry.WandbRegistry;
import dev.sweeprunner.wandb.settings.AccountReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Times passes over a sweep whose points W&amp;B knows, and lets many workers of one storage root
 * ask W&amp;B at the same moment. Prints figures; the server's log says what it cost there. The
 * account comes from {@code WANDB_*} variables.
 *
 * <p>Usage: {@code WandbTimes SWEEP ROOT ENTITY PASSES WORKERS ROUNDS FRESH_SECONDS}.
 */
public final class WandbTimes {
  private static final long STACK = 256 * 1024;

  private final Points points;
  private final RegistryPorts ports;
  private final WandbClient client;
  private final String entity;
  private final Duration fresh;

  private WandbTimes(Path sweep, Path root, String entity, Duration fresh) {
    this.points = Points.of(SweepFileReader.read(sweep, Map.of()), Places.of(Path.of(""), sweep));
    this.ports =
        new RegistryPorts(new LocalFiles(), new Layout(root), new SystemClock(), WandbTimes::sleep);
    this.client =
        WandbClient.of(
            AccountReader.read(System.getenv(), root, root, System.err::println),
            Patience.brief(),
            new ClientPorts(time -> Thread.sleep(time.toMillis()), Instant::now, 1, "bench"));
    this.entity = entity;
    this.fresh = fresh;
  }

  /** See the class comment. */
  public static void main(String[] arguments) throws InterruptedException {
    Path root = Path.of(arguments[1]);
    Duration fresh = Duration.ofSeconds(Long.parseLong(arguments[6]));
    WandbTimes times = new WandbTimes(Path.of(arguments[0]), root, arguments[2], fresh);
    times.passes(root, Integer.parseInt(arguments[3]));
    times.workers(Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
    System.exit(0);
  }

  private WandbRegistry registry(Duration howFresh) {
    Identity identity = new Identity(ports.files(), ports.layout());
    return WandbRegistry.of(
        client,
        new Entity(identity, points.projectSlug(), entity, client),
        points.projectSlug(),
        points,
        ports,
        new WandbRegistry.Options(true, false, howFresh, System.err::println));
  }

  /** The first pass asks W&amp;B; those after it find its answer fresh. */
  private void passes(Path root, int passes) {
    Claimer claimer = Bench.claimer(points, root, registry(Duration.ofHours(1)));
    points.at(points.size() - 1);
    double[] times = new double[passes];
    for (int i = 0; i <= passes; i++) {
      long start = System.nanoTime();
      if (claimer.anyClaimable()) {
        throw new IllegalStateException("something was claimable");
      }
      if (i == 0) {
        Bench.print("first pass", Bench.milliseconds(start));
      } else {
        times[i - 1] = Bench.milliseconds(start);
      }
    }
    Arrays.sort(times);
    Bench.print("pass", times[passes / 2]);
  }

  /** All of them look at once, as often as rounds say, each round when the answer is old. */
  private void workers(int workers, int rounds) throws InterruptedException {
    WandbRegistry[] all = new WandbRegistry[workers];
    for (int i = 0; i < workers; i++) {
      all[i] = registry(fresh);
    }
    AtomicInteger unknown = new AtomicInteger();
    for (int round = 0; round < rounds; round++) {
      Thread.sleep(fresh.toMillis() + 1_000);
      long start = System.nanoTime();
      CountDownLatch done = new CountDownLatch(workers);
      for (WandbRegistry registry : all) {
        Runnable look = () -> look(registry, unknown, done);
        new Thread(null, look, "worker", STACK).start();
      }
      done.await();
      Bench.print("round " + round, Bench.milliseconds(start));
    }
    Bench.print("unknown", unknown.get());
  }

  private void look(WandbRegistry registry, AtomicInteger unknown, CountDownLatch done) {
    try {
      for (int i = 0; i < points.size(); i++) {
        if (registry.state(points.runId(i)) instanceof Remote.Unknown) {
          unknown.incrementAndGet();
        }
      }
    } finally {
      done.countDown();
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
