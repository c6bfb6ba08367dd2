package dev.sweeprunner.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on a real file system: a counter that only the claim protects. */
class ProcessRaceTests {
  private static final int PROCESSES = 4;
  private static final int RUNS = 12;
  private static final int CLAIMS_PER_RUN = 4;

  @TempDir Path root;

  @Test
  void of_several_processes_no_two_hold_a_run_and_none_is_left_over() throws Exception {
    List<Process> racers = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      racers.add(racer(i));
    }
    for (Process racer : racers) {
      assertThat(racer.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(racer.exitValue()).isZero();
    }

    DirectoryClaims judge = Racer.claims(root, "judge");
    for (int i = 0; i < RUNS; i++) {
      LogEnd end = Workers.logged(judge.look(Racer.key(i))).end();
      assertThat(end.type()).isEqualTo(RecordType.FINISH);
      assertThat(end.summary().attempts()).isEqualTo(CLAIMS_PER_RUN);
      assertThat(end.slot()).isEqualTo(2 * CLAIMS_PER_RUN);
      assertThat(Racer.counter(root, i)).hasContent(Integer.toString(CLAIMS_PER_RUN));
    }
    assertThat(judge.list("race").ended()).hasSize(RUNS);
    try (Stream<Path> left = Files.walk(root)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith(".t."))).isEmpty();
    }
  }

  private Process racer(int number) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            Racer.class.getName(),
            root.toString(),
            Integer.toString(number))
        .inheritIO()
        .start();
  }

  /** Claims whatever is free, counts, and gives it back, until all runs are finished. */
  static final class Racer {
    private Racer() {}

    static RunKey key(int run) {
      return new RunKey("race", "g", "run" + run, 1);
    }

    static Path counter(Path root, int run) {
      return root.resolve("counter" + run);
    }

    static DirectoryClaims claims(Path root, String name) {
      Owner owner =
          new Owner(
              UUID.randomUUID().toString(), name, "c", "h", "", "", 1, "", "", "u", "cpu", null);
      ClaimPorts around =
          new ClaimPorts(
              new SystemClock(),
              Racer::sleep,
              someone -> Processes.Verdict.UNKNOWN,
              Trace.OFF,
              List::of);
      return new DirectoryClaims(
          new Layout(root), new LocalFiles(), owner, ClaimSettings.DEFAULT, around);
    }

    /** The root and the racer's number. */
    public static void main(String[] args) throws IOException {
      Path root = Path.of(args[0]);
      DirectoryClaims claims = claims(root, "racer" + args[1]);
      Random random = new Random(Long.parseLong(args[1]));
      List<Integer> open = new ArrayList<>(IntStream.range(0, RUNS).boxed().toList());
      while (!open.isEmpty()) {
        Collections.shuffle(open, random);
        for (Integer run : List.copyOf(open)) {
          if (work(root, claims, run)) {
            open.remove(run);
          }
        }
      }
    }

    /** Whether the run is finished. */
    private static boolean work(Path root, DirectoryClaims claims, int run) throws IOException {
      ClaimState state = claims.look(key(run));
      if (state instanceof ClaimState.Logged logged) {
        if (logged.end().type() == RecordType.FINISH) {
          claims.conclude(key(run));
          return true;
        }
        if (logged.owner() != null) {
          return false;
        }
      }
      Optional<Claim> won = claims.claim(key(run), Workers.SHA, state);
      boolean finished = won.isPresent() && count(root, won.get(), run);
      if (finished) {
        claims.conclude(key(run));
      }
      return finished;
    }

    private static boolean count(Path root, Claim claim, int run) throws IOException {
      int count = read(root, run) + 1;
      Files.writeString(counter(root, run), Integer.toString(count));
      if (count == CLAIMS_PER_RUN) {
        return claim.finish(Workers.finish(count));
      }
      claim.release(ReleaseReason.PREEMPTED, "");
      return false;
    }

    private static int read(Path root, int run) throws IOException {
      try {
        return Integer.parseInt(Files.readString(counter(root, run)));
      } catch (NoSuchFileException e) {
        return 0;
      }
    }

    private static void sleep(Duration time) {
      try {
        Thread.sleep(time.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private record SystemClock() implements Clock {
    @Override
    public Instant now() {
      return Instant.now();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }
}
