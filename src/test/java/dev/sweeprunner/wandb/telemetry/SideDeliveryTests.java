package dev.sweeprunner.wandb.telemetry;

import static dev.sweeprunner.wandb.telemetry.ToldProgram.kept;
import static dev.sweeprunner.wandb.telemetry.ToldProgram.line;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.SideRuns;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.FakeRun;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.testkit.wandb.RunAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that a program writes beside its own reach W&amp;B as its own does. */
class SideDeliveryTests {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String CONFIG = "{\"lr\":{\"value\":0.10}}";
  private static final Manner LIVE = new Manner(true, true, false);
  private static final Manner BUFFERED = new Manner(false, true, false);

  @TempDir Path root;
  private Station station;
  private ToldProgram program;
  private ToldProgram side;

  @BeforeEach
  void start() {
    station = new Station(root);
    program = new ToldProgram(station.layout, Station.KEY, 1);
    program.says(CONFIG, "{}");
    side = beside(1);
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  private ToldProgram beside(int epoch) {
    return ToldProgram.beside(station.layout, Station.KEY, epoch, 2);
  }

  private void opened(ToldProgram which, @Nullable Long after) {
    which.begins(after);
    TrackedRun.Names names =
        new TrackedRun.Names(
            "an eval", null, "evals", "eval", "node7", "t.py", null, null, List.of("a"));
    which.says(CONFIG, "{\"acc\":0.50,\"best\":{\"max\":NaN}}", names);
  }

  private static void logs(ToldProgram which, long from, long to) {
    for (long step = from; step < to; step++) {
      which.logs(step, members(step));
    }
  }

  private static String members(long step) {
    return "\"acc\":" + (step % 3 == 0 ? "NaN" : "0.10");
  }

  private static List<String> history(long count) {
    return LongStream.range(0, count).mapToObj(step -> kept(step, members(step))).toList();
  }

  private Uplink uplink(int epoch, Manner manner) {
    KeptCard card =
        new KeptCard(station.descriptor("root", epoch), station.outbox, false, kept -> kept);
    return new Uplink(card, epoch, manner, Ledger.EMPTY, () -> false, station.ports());
  }

  private FakeRun remote() {
    return station.server.runs().get(Station.RUN + "-2");
  }

  private boolean there() {
    return station.server.runs().find(Station.RUN + "-2") != null;
  }

  @Test
  void live_it_leaves_as_it_comes_and_ends_as_its_client_said() {
    opened(side, -1L);
    logs(side, 0, 3);
    side.prints("evaluating");
    side.measures("{\"_wandb\":true,\"_timestamp\":1.7e9,\"system.cpu\":16.5}");
    Uplink uplink = uplink(1, LIVE);
    station.serve(uplink, MINUTE);
    List<String> early = List.copyOf(remote().history());
    String stateEarly = remote().state();
    logs(side, 3, 5);
    side.ends(3);
    station.serve(uplink, MINUTE);

    assertThat(early).containsExactlyElementsOf(history(3));
    assertThat(stateEarly).isEqualTo("running");
    assertThat(remote().history()).containsExactlyElementsOf(history(5));
    assertThat(remote().log()).containsExactly(line("evaluating"));
    assertThat(remote().events()).hasSize(1);
    assertThat(remote().summary()).isEqualTo(Map.of("acc", 0.5, "best", Map.of("max", Double.NaN)));
    assertThat(remote().config()).containsEntry("lr", Map.of("value", 0.1));
    assertThat(remote().announced())
        .containsEntry("displayName", "an eval")
        .containsEntry("group", "evals")
        .containsEntry("jobType", "eval")
        .containsEntry("tags", List.of("a"));
    assertThat(remote().state()).isEqualTo("failed");
    assertThat(station.remote().state()).isEqualTo("running");
    assertThat(station.remote().history()).isEmpty();
  }

  @Test
  void rows_of_the_run_itself_do_not_keep_it_waiting() {
    opened(side, -1L);
    logs(side, 0, 3);
    Uplink uplink = uplink(1, LIVE);
    for (long step = 0; step < 100; step++) {
      uplink.row(ToldProgram.row(step, ToldProgram.members(step)));
      station.serve(uplink, Duration.ofSeconds(1));
    }

    assertThat(remote().history()).containsExactlyElementsOf(history(3));
    assertThat(station.remote().history()).hasSizeGreaterThan(80);
  }

  @Test
  void one_that_stays_silent_is_kept_alive_and_ends_with_its_run() {
    opened(side, -1L);
    logs(side, 0, 1);
    Uplink uplink = uplink(1, LIVE);
    station.serve(uplink, Duration.ofMinutes(20));
    String before = remote().state();
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(before).isEqualTo("running");
    assertThat(remote().state()).isEqualTo("finished");
    assertThat(station.remote().state()).isEqualTo("finished");
    assertThat(uplink.done()).isTrue();
  }

  @Test
  void buffered_nothing_of_it_leaves_before_the_run_has_ended() {
    opened(side, -1L);
    logs(side, 0, 3);
    side.ends(0);
    Uplink uplink = uplink(1, BUFFERED);
    station.serve(uplink, MINUTE);
    uplink.covered(ToldProgram.ledger(1));
    station.serve(uplink, MINUTE);
    boolean early = there();
    uplink.ended(Outcome.FAILED, "");
    station.serve(uplink, MINUTE);

    assertThat(early).isFalse();
    assertThat(remote().history()).containsExactlyElementsOf(history(3));
    assertThat(remote().state()).isEqualTo("finished");
    assertThat(station.remote().state()).isEqualTo("failed");
  }

  @Test
  void an_heir_s_rows_replace_those_of_a_killed_claim_and_no_step_is_there_twice() {
    opened(side, -1L);
    logs(side, 0, 6);
    station.serve(uplink(1, LIVE), MINUTE);
    List<String> killed = List.copyOf(remote().history());
    program = new ToldProgram(station.layout, Station.KEY, 2);
    program.says(CONFIG, "{}");
    ToldProgram next = beside(2);
    opened(next, 2L);
    Uplink heir = uplink(2, LIVE);
    station.serve(heir, MINUTE);
    for (long step = 3; step < 8; step++) {
      next.logs(step, "\"again\":" + step);
      station.serve(heir, Duration.ofSeconds(11));
    }
    heir.ended(Outcome.FINISHED, "");
    station.serve(heir, MINUTE);

    assertThat(killed).hasSize(6);
    assertThat(remote().history()).hasSize(8).startsWith(history(3).toArray(new String[0]));
    assertThat(remote().history().subList(3, 8)).allMatch(row -> row.contains("again"));
    assertThat(remote().state()).isEqualTo("finished");
  }

  @Test
  void one_that_the_heir_leaves_alone_stays_as_it_was_told_and_is_not_told_again()
      throws IOException {
    opened(side, -1L);
    logs(side, 0, 3);
    Uplink first = uplink(1, LIVE);
    station.serve(first, MINUTE);
    first.ended(Outcome.RELEASED, "");
    station.serve(first, MINUTE);
    String released = remote().state();
    station.server.requests().clear();
    Uplink heir = uplink(2, LIVE);
    station.serve(heir, MINUTE);
    long told = ofSide();
    heir.ended(Outcome.FINISHED, "");
    station.serve(heir, MINUTE);

    assertThat(released).isEqualTo("preempted");
    assertThat(told).isZero();
    assertThat(remote().state()).isEqualTo("finished");
    assertThat(remote().history()).containsExactlyElementsOf(history(3));
  }

  private long ofSide() {
    return station.server.requests().all().stream()
        .filter(request -> (request.path() + request.body()).contains(Station.RUN + "-2"))
        .count();
  }

  @Test
  void what_has_arrived_is_not_sent_again_by_whoever_comes_later() {
    opened(side, -1L);
    logs(side, 0, 3);
    side.ends(0);
    Uplink first = uplink(1, LIVE);
    first.ended(Outcome.FAILED, "");
    station.serve(first, MINUTE);
    station.server.requests().clear();
    Uplink later = uplink(1, Manner.DEAD);
    later.ended(Outcome.FAILED, "");
    station.serve(later, MINUTE);

    assertThat(later.done()).isTrue();
    assertThat(ofSide()).isZero();
  }

  @Test
  void its_files_are_its_own() throws IOException {
    opened(side, -1L);
    Path tracked = station.layout.tracked(Station.KEY, 1);
    put(tracked, "note.txt", "of the run");
    put(SideRuns.folder(tracked, Station.RUN + "-2"), "note.txt", "of the eval");
    Uplink uplink = uplink(1, LIVE);
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(content(Station.RUN)).isEqualTo("of the run");
    assertThat(content(Station.RUN + "-2")).isEqualTo("of the eval");
  }

  private static void put(Path folder, String name, String text) throws IOException {
    Path file = Layout.trackedFiles(folder).resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String content(String run) {
    return new String(station.server.runs().get(run).file("note.txt"), UTF_8);
  }

  @Test
  void one_that_was_deleted_is_created_again_whole() {
    opened(side, -1L);
    logs(side, 0, 3);
    Uplink uplink = uplink(1, LIVE);
    station.serve(uplink, MINUTE);
    station.server.runs().delete(address());
    logs(side, 3, 4);
    station.serve(uplink, MINUTE);

    assertThat(remote().history()).containsExactlyElementsOf(history(4));
    assertThat(remote().log()).isEmpty();
    assertThat(station.notices).isEmpty();
  }

  private RunAddress address() {
    return new RunAddress(Station.ENTITY, Station.PROJECT, Station.RUN + "-2");
  }

  @Test
  void one_that_w_b_refuses_does_not_keep_its_run_and_stays_owed() throws IOException {
    Uplink uplink = uplink(1, LIVE);
    station.serve(uplink, MINUTE);
    opened(side, -1L);
    logs(side, 0, 3);
    station.server.faults().next(Channel.GRAPHQL, Fault.FORBIDDEN);
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, Duration.ofMinutes(10));
    boolean early = there();
    int delivered = station.delivered.size();
    Uplink later = uplink(1, Manner.DEAD);
    later.ended(Outcome.FINISHED, "");
    station.serve(later, MINUTE);

    assertThat(early).isFalse();
    assertThat(delivered).isZero();
    assertThat(station.remote().state()).isEqualTo("finished");
    assertThat(station.notices).singleElement().asString().contains(Station.RUN + "-2 beside it");
    assertThat(station.delivered).hasSize(1);
    assertThat(remote().history()).containsExactlyElementsOf(history(3));
  }

  @Test
  void twelve_thousand_rows_in_two_runs_and_no_name_of_another_form() {
    opened(side, -1L);
    logs(side, 0, 12_000);
    ToldProgram third = ToldProgram.beside(station.layout, Station.KEY, 1, 3);
    opened(third, -1L);
    logs(third, 0, 1);
    put(SideRuns.all(station.layout.tracked(Station.KEY, 1)).resolve("odd"));
    Uplink uplink = uplink(1, LIVE);
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);

    assertThat(remote().history()).hasSize(12_000).doesNotContainNull();
    assertThat(station.server.runs().get(Station.RUN + "-3").history()).hasSize(1);
    assertThat(station.server.runs().find("odd")).isNull();
  }

  private static void put(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
