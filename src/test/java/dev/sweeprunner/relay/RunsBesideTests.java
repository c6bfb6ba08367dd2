package dev.sweeprunner.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.relay.rows.SideBooks;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.testkit.relay.LoggingClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An heir's clients find the runs beside the claim's that an earlier life has written. */
class RunsBesideTests {
  @TempDir Path folder;

  private DoorWorld world;

  @BeforeEach
  void open() throws IOException {
    world = new DoorWorld(folder);
    world.earlier.add(new SideBooks.Known(2, "eval", false));
    world.earlier.add(new SideBooks.Known(3, world.key.runId(), true));
    world.earlier.add(new SideBooks.Known(4, world.key.runId(), true));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private String name(int number) {
    return world.key.runId() + "-" + number;
  }

  @Test
  void an_id_of_the_programs_own_stands_for_the_same_run() throws Exception {
    Relay.Life life = world.at(9);
    LoggingClient own = world.client(life);

    LoggingClient eval = world.client(world.told(life).withRunId("eval"));
    LoggingClient other = world.client(world.told(life).withRunId("another"));
    eval.log(Map.of("x", 1));
    eval.post();

    assertThat(own.runId()).isEqualTo(world.key.runId());
    assertThat(eval.runId()).isEqualTo("eval");
    assertThat(eval.resumed()).isTrue();
    assertThat(world.beside("-2").steps()).containsExactly(ToldBesides.STANDS + 1);
    assertThat(world.beside.keySet()).containsExactlyInAnyOrder(name(2), name(5));
    assertThat(other.resumed()).isFalse();
  }

  @Test
  void ranks_go_on_with_the_runs_of_ranks() throws Exception {
    Relay.Life life = world.at(9);

    LoggingClient own = world.client(life);
    LoggingClient rank1 = world.client(life);
    LoggingClient rank2 = world.client(life);
    LoggingClient rank3 = world.client(life);

    assertThat(own.step()).isEqualTo(10);
    assertThat(rank1.runId()).isEqualTo(name(3));
    assertThat(rank1.step()).isEqualTo(ToldBesides.STANDS + 1);
    assertThat(rank2.runId()).isEqualTo(name(4));
    assertThat(rank3.runId()).isEqualTo(name(5));
    assertThat(rank3.step()).isEqualTo(10);
    assertThat(world.notes)
        .anyMatch(words -> words.contains("process of the program writes " + name(3)));
  }

  @Test
  void a_second_writer_of_one_of_the_programs_ids_gets_another_name() throws Exception {
    Relay.Life life = world.fresh();
    world.client(life);
    LoggingClient first = world.client(world.told(life).withRunId("new"));
    LoggingClient second = world.client(world.told(life).withRunId("new"));
    LoggingClient odd = world.client(world.told(life).withRunId(name(9)));
    second.log(Map.of("x", 1));
    second.post();

    assertThat(first.runId()).isEqualTo("new");
    assertThat(second.runId()).isEqualTo(name(6));
    assertThat(world.beside("-6").steps()).containsExactly(0L);
    assertThat(odd.runId()).isEqualTo(name(7));
  }

  @Test
  void waiting_for_posts_is_waiting_for_those_of_every_run() throws Exception {
    Relay.Life life = world.fresh();
    LoggingClient own = world.client(life);
    LoggingClient eval = world.client(world.told(life).withRunId("new"));

    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> life.awaitPosts(Duration.ofSeconds(20)));
    own.log(Map.of("x", 1));
    Thread.sleep(200);
    own.post();
    assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    eval.log(Map.of("x", 1));
    eval.post();

    waiting.get(5, TimeUnit.SECONDS);
  }

  @Test
  void who_opens_one_before_the_claims_own_does_not_get_that() throws Exception {
    Relay.Life life = world.at(9);

    LoggingClient eval = world.client(world.told(life).withRunId("eval"));
    LoggingClient byName = world.client(world.told(life).withRunId(name(3)));
    LoggingClient own = world.client(life);

    assertThat(eval.runId()).isEqualTo("eval");
    assertThat(byName.runId()).isEqualTo(name(3));
    assertThat(world.beside.keySet()).containsExactlyInAnyOrder(name(2), name(3));
    assertThat(own.runId()).isEqualTo(world.key.runId());
  }

  @Test
  void who_asks_twice_before_it_opens_the_run_is_answered_the_same() throws Exception {
    Relay.Life life = world.at(9);
    LoggingClient own = world.client(life);
    own.ask("RunResumeStatus", Map.of("name", "eval"));
    String again = own.ask("RunResumeStatus", Map.of("name", "eval")).body();

    assertThat(again).contains("\"name\":\"eval\"").contains(":99}");
    assertThat(world.beside.keySet()).containsExactly(name(2));
  }

  @Test
  void without_asking_before_it_gets_the_same_run_too() throws Exception {
    Relay.Life life = world.at(9);
    LoggingClient own = world.client(life);

    own.ask("UpsertBucket", Map.of("name", "eval", "host", "h", "config", "{}"));

    assertThat(world.beside.keySet()).containsExactly(name(2));
  }
}
