package dev.sweeprunner.wandb.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.relay.files.StorePorts;
import dev.sweeprunner.relay.files.StoredFiles;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.testkit.MortalFiles;
import dev.sweeprunner.testkit.relay.StoringProgram;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.FakeArtifact;
import dev.sweeprunner.testkit.wandb.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and artifacts of programs on their way to W&amp;B. */
class ProgramShippingTests {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Manner LIVE = new Manner(true, true, false);
  private static final Manner BUFFERED = new Manner(false, true, false);

  @TempDir Path root;
  private final AtomicLong drawn = new AtomicLong();
  private Station station;

  @BeforeEach
  void start() {
    station = new Station(root);
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void w_b_gets_what_the_program_gave_under_the_names_that_it_gave() throws IOException {
    Uplink uplink = uplink(1, LIVE, station.ports());
    play(1);
    end(uplink);

    assertDelivered();
    assertThat(station.remote().uploaded()).containsExactlyInAnyOrder("live.txt", "media/é x.png");
    assertThat(station.remote().state()).isEqualTo("finished");
    assertThat(station.notices).isEmpty();
  }

  @Test
  void a_live_file_that_changes_is_sent_again_and_nothing_else() throws IOException {
    Uplink uplink = uplink(1, LIVE, station.ports());
    StoringProgram program = play(1);
    station.serve(uplink, Duration.ofMinutes(2));
    assertDelivered();
    int before = uploads();
    program.save("live.txt", "three");
    station.serve(uplink, Duration.ofMinutes(2));
    end(uplink);

    assertThat(station.remote().file("live.txt")).asString(UTF_8).isEqualTo("three");
    assertThat(uploads()).isEqualTo(before + 1);
  }

  @Test
  void of_a_buffered_run_nothing_leaves_before_its_end() throws IOException {
    Uplink uplink = uplink(1, BUFFERED, station.ports());
    play(1);
    station.serve(uplink, HOUR);
    int during = uploads();
    end(uplink);

    assertThat(during).isZero();
    assertDelivered();
  }

  @Test
  void nor_when_it_is_released_its_heir_sends_what_both_have_left() throws IOException {
    Uplink first = uplink(1, BUFFERED, station.ports());
    play(1);
    first.ended(Outcome.RELEASED, "");
    station.serve(first, HOUR);
    int before = uploads();
    Uplink heir = uplink(2, BUFFERED, station.ports());
    StoringProgram program = new StoringProgram(store(2), Station.RUN);
    program.save("live.txt", "of the heir");
    program.log("mod", "c7", Map.of("model.bin", "weights"), "latest");
    end(heir);

    assertThat(before).isZero();
    assertThat(station.remote().file("live.txt")).asString(UTF_8).isEqualTo("of the heir");
    FakeArtifact mod = station.server.artifacts().byClientId("c1");
    assertThat(mod).isSameAs(station.server.artifacts().byClientId("c7"));
    assertThat(station.server.artifacts().all()).hasSize(3);
  }

  @Test
  void a_second_uplink_finds_the_marks_and_sends_nothing() throws IOException {
    play(1);
    end(uplink(1, LIVE, station.ports()));
    station.server.requests().clear();
    end(uplink(1, LIVE, station.ports()));

    assertDelivered();
    assertThat(uploads()).isZero();
    assertThat(station.server.requests().all())
        .noneMatch(request -> request.operation().contains("Artifact"));
  }

  @Test
  void a_run_that_was_deleted_there_is_sent_whole_again() throws IOException {
    play(1);
    end(uplink(1, LIVE, station.ports()));
    station.server.runs().delete(station.remote().address());
    end(uplink(1, LIVE, station.ports()));

    assertDelivered();
  }

  @Test
  void killed_after_any_change_of_the_marks_and_repeated_the_server_is_the_same()
      throws IOException {
    play(1);
    for (int kill = 0; kill < 12; kill++) {
      Tracks mortal = new Tracks(new MortalFiles(kill), station.layout);
      try {
        end(uplink(1, LIVE, station.ports(mortal)));
      } catch (MortalFiles.Killed killed) {
        tear();
      }
      if (kill % 3 == 0) {
        end(uplink(1, LIVE, station.ports()));
        assertDelivered();
        Files.delete(station.layout.shipped(Station.KEY));
      }
    }
  }

  @Test
  void over_a_server_with_moods_it_all_arrives() throws IOException {
    station.server.faults().rate(Channel.GRAPHQL, 0.2, Fault.PASSING);
    station.server.faults().rate(Channel.UPLOAD, 0.3, Fault.PASSING);
    Uplink uplink = uplink(1, LIVE, station.ports());
    play(1);
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, Duration.ofHours(5));

    assertDelivered();
    assertThat(station.remote().state()).isEqualTo("finished");
  }

  @Test
  void what_the_storage_never_takes_is_said_and_keeps_the_end_from_nobody() throws IOException {
    station.server.faults().rate(Channel.UPLOAD, 1, java.util.EnumSet.of(Fault.FORBIDDEN));
    Uplink uplink = uplink(1, LIVE, station.ports());
    play(1);
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, Duration.ofHours(5));

    assertThat(station.remote().state()).isEqualTo("finished");
    assertThat(station.notices)
        .anyMatch(said -> said.contains("W&B does not get live.txt: "))
        .anyMatch(said -> said.contains("W&B does not get artifact mod: "));
  }

  private void assertDelivered() {
    assertThat(station.remote().file("live.txt")).asString(UTF_8).isEqualTo("two two");
    assertThat(station.remote().file("media/é x.png")).asString(UTF_8).isEqualTo("image");
    Map<String, FakeArtifact> whole = new TreeMap<>();
    for (FakeArtifact one : station.server.artifacts().of(station.remote().address())) {
      whole.put(one.collection() + ":v" + one.version(), one);
    }
    assertThat(whole).containsOnlyKeys("mod:v0", "mod:v1", "ref:v0");
    FakeArtifact mod = Objects.requireNonNull(whole.get("mod:v0"));
    assertThat(mod.clientIds()).containsExactly("c1", "c2");
    assertThat(mod.files()).containsOnlyKeys("model.bin");
    assertThat(mod.input())
        .containsEntry("metadata", "{\"k\":1.50}")
        .containsEntry("historyStep", 3);
    assertThat(mod.links()).containsExactly(Station.ENTITY + "/" + Station.PROJECT + "/port");
    assertThat(Objects.requireNonNull(whole.get("mod:v1")).aliases()).contains("latest");
    assertThat(Objects.requireNonNull(whole.get("ref:v0")).manifest())
        .contains("wandb-artifact://");
  }

  /** What a program gives in a claim. */
  private StoringProgram play(int epoch) throws IOException {
    new ToldProgram(station.layout, Station.KEY, epoch).says("{}", "{}");
    StoringProgram program = new StoringProgram(store(epoch), Station.RUN);
    program.save("live.txt", "one");
    program.save("media/é x.png", "image");
    program.save("live.txt", "two two");
    String id = program.log("mod", "c1", Map.of("model.bin", "weights"), "best");
    program.log("mod", "c2", Map.of("model.bin", "weights"), "again");
    program.link(id, "port");
    program.log("mod", "c3", Map.of("model.bin", "better"), "latest");
    program.log("ref", "c4", Map.of("m", "wandb-client-artifact://c1/model.bin"), "latest");
    return program;
  }

  private dev.sweeprunner.relay.files.ProgramFiles store(int epoch) throws IOException {
    return StoredFiles.of(
        station.layout.tracked(Station.KEY, epoch),
        StoredFiles.earlier(station.files, station.layout, Station.KEY, epoch),
        new StorePorts(
            station.files,
            StoringProgram.ADDRESS,
            () -> String.format("%032x", drawn.incrementAndGet()),
            said -> {}));
  }

  private void end(Uplink uplink) {
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, HOUR);
    assertThat(uplink.done()).isTrue();
  }

  /** A kill in the middle of a line. */
  private void tear() throws IOException {
    Path marks = station.layout.shipped(Station.KEY);
    if (Files.exists(marks)) {
      byte[] whole = Files.readAllBytes(marks);
      Files.write(marks, java.util.Arrays.copyOf(whole, Math.max(0, whole.length - 5)));
    }
  }

  private int uploads() {
    return (int)
        station.server.requests().all().stream()
            .filter(request -> request.path().startsWith("/upload/"))
            .count();
  }

  private Uplink uplink(int epoch, Manner manner, UplinkPorts ports) {
    return new Uplink(
        new KeptCard(station.descriptor("root", epoch), station.outbox, false, card -> card),
        epoch,
        manner,
        Ledger.EMPTY,
        () -> false,
        ports);
  }
}
