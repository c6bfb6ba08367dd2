package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Telemetry.Announcement;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clusters that announce the same run at the same time, interleaved at each of their requests, each
 * held up for as long as chance will have it, in its requests and between its tries. Whoever has
 * the run sends heartbeats, as an uplink does, if W&amp;B does not refuse them for a while. Reads
 * lag.
 */
class AnnouncerRaceTests {
  private static final int ROUNDS = 60;

  @TempDir Path root;

  @Test
  void never_do_two_clusters_have_a_run() throws Exception {
    int owned = 0;
    for (long seed = 1; seed <= ROUNDS; seed++) {
      try (Station station = new Station(root.resolve("s" + seed))) {
        Stage stage = new Stage(station, new Random(seed));

        stage.play();

        assertThat(stage.winners()).as("seed " + seed).hasSizeLessThanOrEqualTo(1);
        assertThat(station.server.violations().all()).isEmpty();
        owned += stage.winners().size();
      }
    }
    assertThat(owned).isGreaterThan(ROUNDS / 2);
  }

  /** Lets one cluster at a time go on to its next request or pause. */
  private static final class Stage {
    private static final Duration BEAT = Duration.ofSeconds(15);

    private final Station station;
    private final Random random;
    private final Semaphore back = new Semaphore(0);
    private final List<Actor> actors = new ArrayList<>();

    Stage(Station station, Random random) {
      this.station = station;
      this.random = random;
      String config = random.nextBoolean() ? "{}" : token("near");
      switch (random.nextInt(3)) {
        case 0 -> station.server.runs().place(station.address(), "failed", config, "{}");
        case 1 -> {
          station.server.runs().place(station.address(), "running", config, "{}");
          station.clock.advance(Duration.ofMinutes(random.nextInt(10)));
        }
        default -> {
          // It does not exist yet.
        }
      }
      if (random.nextBoolean()) {
        station
            .server
            .faults()
            .rate(Channel.GRAPHQL, 0.2, Set.of(Fault.DROP_AFTER, Fault.ERROR_500));
      }
      if (random.nextBoolean()) {
        station
            .server
            .faults()
            .rate(Channel.FILE_STREAM, 0.3, Set.of(Fault.DROP_AFTER, Fault.ERROR_500));
      }
      if (random.nextBoolean()) {
        station.server.runs().lag(Duration.ofSeconds(random.nextInt(10)));
      }
    }

    private static String token(String cluster) {
      return "{\"sweep_runner\":{\"value\":{\"token\":\"" + cluster + ":1\"}}}";
    }

    List<String> winners() {
      return actors.stream()
          .filter(actor -> actor.answer instanceof Announcement.Ours)
          .map(actor -> actor.cluster)
          .toList();
    }

    void play() throws InterruptedException {
      for (String cluster : List.of("near", "far", "third").subList(0, 2 + random.nextInt(2))) {
        actors.add(new Actor(cluster));
      }
      for (Actor actor : actors) {
        actor.thread.start();
        back.acquire();
      }
      while (actors.stream().anyMatch(actor -> actor.answer == null)) {
        pass(Duration.ofSeconds(random.nextInt(4) == 0 ? random.nextInt(20) : 0));
        List<Actor> able =
            actors.stream()
                .filter(a -> a.answer == null && a.until <= station.clock.nanos())
                .toList();
        if (able.isEmpty()) {
          pass(Duration.ofSeconds(10));
        } else {
          Actor next = able.get(random.nextInt(able.size()));
          next.go.release();
          back.acquire();
          if (random.nextInt(3) == 0) {
            next.freeze(Duration.ofSeconds(random.nextInt(150)));
          }
          pass(Duration.ZERO);
        }
      }
    }

    private void pass(Duration time) {
      station.clock.advance(time);
      for (Actor actor : actors) {
        if (actor.answer instanceof Announcement.Ours) {
          actor.work();
        }
      }
    }

    private final class Actor {
      private final String cluster;
      private final Thread thread;
      private final Semaphore go = new Semaphore(0);
      private volatile long until;
      private volatile @Nullable Announcement answer;
      private @Nullable Long lastBeat;
      private long mute = -1;

      Actor(String cluster) {
        this.cluster = cluster;
        this.thread = new Thread(this::announce, cluster);
        thread.setDaemon(true);
      }

      private void announce() {
        Announcer announcer =
            new Announcer(
                station.client(Station.SECRET, this::gate, this::pause),
                this::pause,
                station.clock,
                AnnouncerTests.TIMES,
                waiting -> {});
        try {
          answer =
              announcer.announce(
                  station.descriptor(cluster, 5), station.entity(), new Goal(12, 1, ""), false);
        } finally {
          back.release();
        }
      }

      private void pause(Duration time) {
        until = station.clock.nanos() + time.toNanos();
        gate();
      }

      /** The client looks at its clock when a question begins. */
      private Instant gate() {
        if (Thread.currentThread() == thread) {
          back.release();
          go.acquireUninterruptibly();
        }
        return station.clock.now();
      }

      private void freeze(Duration time) {
        until = Math.max(until, station.clock.nanos() + time.toNanos());
      }

      /** As an uplink: opens the run, then beats; what fails is tried again. */
      private void work() {
        long now = station.clock.nanos();
        if (mute < 0) {
          mute = now + Duration.ofSeconds(random.nextBoolean() ? 0 : random.nextInt(240)).toNanos();
        }
        if (now < mute) {
          return;
        }
        RunDescriptor descriptor = station.descriptor(cluster, 5);
        try {
          if (lastBeat == null) {
            station.client().upsert(descriptor.upsert(Station.ENTITY, null));
          }
          if (lastBeat == null || now - lastBeat >= BEAT.toNanos()) {
            station.client().stream(descriptor.path(Station.ENTITY), StreamChunk.HEARTBEAT);
            lastBeat = now;
          }
        } catch (WandbFailure later) {
          return;
        }
      }
    }
  }
}
