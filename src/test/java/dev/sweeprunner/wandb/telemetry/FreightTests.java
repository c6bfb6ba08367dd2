package dev.sweeprunner.wandb.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.testkit.wandb.LoggedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of programs that take long, beside what is told of their runs. */
class FreightTests {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Manner LIVE = new Manner(true, true, false);

  @TempDir Path root;

  /** Loads that are under way: each arrives when a test runs it. */
  private final Deque<Runnable> loads = new ArrayDeque<>();

  private Station station;
  private ToldProgram program;

  @BeforeEach
  void start() {
    station = new Station(root);
    program = new ToldProgram(station.layout, Station.KEY, 1);
    program.says("{}", "{}");
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void a_slow_upload_delays_no_row_no_line_no_alert_and_no_sign_of_life() throws IOException {
    Uplink uplink = uplink(station.ports(loads::add));
    save("big.bin", "gigabytes");
    station.serve(uplink, MINUTE);
    int away = loads.size();
    station.server.requests().clear();
    uplink.row(ToldProgram.row(0, ToldProgram.members(0)));
    program.prints("on it goes");
    program.alerts("t", "still here");
    station.serve(uplink, HOUR);

    assertThat(away).isEqualTo(1);
    assertThat(station.remote().file("big.bin")).isNull();
    assertThat(station.remote().history()).containsExactlyElementsOf(ToldProgram.direct(1));
    assertThat(station.remote().log()).containsExactly(ToldProgram.line("on it goes"));
    assertThat(station.remote().alerts()).hasSize(1);
    assertThat(beats()).isGreaterThan(100);
    assertThat(loads).hasSize(1);
  }

  @Test
  void the_end_waits_for_it_and_beats_meanwhile() throws IOException {
    Uplink uplink = uplink(station.ports(loads::add));
    save("big.bin", "gigabytes");
    uplink.ended(Outcome.FINISHED, "");
    station.serve(uplink, MINUTE);
    station.server.requests().clear();
    station.serve(uplink, HOUR);
    String meanwhile = station.remote().state();
    long signs = beats();
    loads.remove().run();
    station.serve(uplink, Duration.ofSeconds(1));

    assertThat(meanwhile).isEqualTo("running");
    assertThat(signs).isBetween(100L, 130L);
    assertThat(station.remote().file("big.bin")).asString(UTF_8).isEqualTo("gigabytes");
    assertThat(station.remote().state()).isEqualTo("finished");
    assertThat(uplink.done()).isTrue();
  }

  @Test
  void files_leave_also_while_rows_come_without_a_pause() throws IOException {
    Uplink uplink = uplink(station.ports());
    station.serve(uplink, Duration.ofSeconds(1));
    save("live.txt", "now");
    for (int step = 0; step < 40; step++) {
      uplink.row(ToldProgram.row(step, ToldProgram.members(step)));
      station.serve(uplink, Duration.ofSeconds(5));
    }

    assertThat(station.remote().file("live.txt")).asString(UTF_8).isEqualTo("now");
  }

  @Test
  void what_a_load_meets_on_its_way_is_heard_and_tried_again() throws IOException {
    Uplink uplink = uplink(station.ports(loads::add));
    save("a.txt", "a");
    station.serve(uplink, MINUTE);
    station.server.faults().rate(Channel.UPLOAD, 1, EnumSet.of(Fault.ERROR_500));
    loads.remove().run();
    station.server.faults().rate(Channel.UPLOAD, 0, EnumSet.noneOf(Fault.class));
    station.serve(uplink, MINUTE);
    int again = loads.size();
    loads.remove().run();
    station.serve(uplink, MINUTE);

    assertThat(again).isEqualTo(1);
    assertThat(station.remote().file("a.txt")).asString(UTF_8).isEqualTo("a");
    assertThat(loads).isEmpty();
    assertThat(station.notices).isEmpty();
  }

  @Test
  void a_run_that_is_deleted_meanwhile_gets_all_its_rows_at_once_and_its_files_again()
      throws IOException {
    Uplink uplink = uplink(station.ports(loads::add));
    save("first.txt", "1");
    station.serve(uplink, MINUTE);
    loads.remove().run();
    uplink.row(ToldProgram.row(0, ToldProgram.members(0)));
    station.serve(uplink, MINUTE);
    save("second.txt", "2");
    station.serve(uplink, MINUTE);
    station.server.runs().delete(station.address());
    station.serve(uplink, MINUTE);
    List<String> rows = List.copyOf(station.remote().history());
    while (!loads.isEmpty()) {
      loads.remove().run();
      station.serve(uplink, MINUTE);
    }

    assertThat(rows).containsExactlyElementsOf(ToldProgram.direct(1));
    assertThat(station.remote().file("first.txt")).asString(UTF_8).isEqualTo("1");
    assertThat(station.remote().file("second.txt")).asString(UTF_8).isEqualTo("2");
  }

  @Test
  void in_real_time_rows_arrive_before_the_file_that_left_before_them() throws Exception {
    station.server.faults().latency(Duration.ofSeconds(3));
    station.server.faults().rate(Channel.UPLOAD, 1, EnumSet.of(Fault.LATENCY));
    Clock clock = new SystemClock();
    Uplinks uplinks = new Uplinks(clock);
    save("big.bin", "gigabytes");
    Uplink uplink = uplink(real(clock, uplinks));
    uplinks.add(uplink);
    await().until(() -> station.server.requests().all().stream().anyMatch(FreightTests::isPlace));
    uplink.row(ToldProgram.row(0, ToldProgram.members(0)));
    uplink.covered(ToldProgram.ledger(1));
    await().until(() -> !station.remote().history().isEmpty());
    boolean before = station.remote().file("big.bin") == null;
    uplink.ended(Outcome.FINISHED, "");
    List<String> soon = uplinks.close(Duration.ofMillis(300));

    assertThat(before).isTrue();
    assertThat(soon).containsExactly(Station.RUN);
  }

  @Test
  void in_real_time_the_end_is_told_when_the_file_is_there() throws Exception {
    station.server.faults().latency(Duration.ofSeconds(1));
    station.server.faults().rate(Channel.UPLOAD, 1, EnumSet.of(Fault.LATENCY));
    Clock clock = new SystemClock();
    Uplinks uplinks = new Uplinks(clock);
    save("big.bin", "gigabytes");
    Uplink uplink = uplink(real(clock, uplinks));
    uplinks.add(uplink);
    uplink.ended(Outcome.FINISHED, "");

    List<String> left = uplinks.close(Duration.ofSeconds(30));

    assertThat(left).isEmpty();
    assertThat(station.remote().file("big.bin")).asString(UTF_8).isEqualTo("gigabytes");
    assertThat(station.remote().state()).isEqualTo("finished");
  }

  private UplinkPorts real(Clock clock, Uplinks uplinks) {
    UplinkPorts plain = station.ports(Uplinks::carry);
    return new UplinkPorts(
        plain.client(),
        plain.entity(),
        clock,
        new PostSchedule.Pace(Duration.ofMillis(40), Duration.ofMillis(40)),
        plain.sample(),
        plain.machine(),
        plain.delivered(),
        plain.notices(),
        plain.contact(),
        plain.outbox(),
        plain.tracks(),
        plain.carrier(),
        uplinks::wake);
  }

  private static boolean isPlace(LoggedRequest request) {
    return request.operation().equals("CreateRunFiles");
  }

  private long beats() {
    return station.server.requests().streamed().size();
  }

  private void save(String name, String content) throws IOException {
    Path file = Layout.trackedFiles(station.layout.tracked(Station.KEY, 1)).resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, content);
  }

  private Uplink uplink(UplinkPorts ports) {
    return new Uplink(
        new KeptCard(station.descriptor("root", 1), station.outbox, false, card -> card),
        1,
        LIVE,
        Ledger.EMPTY,
        () -> false,
        ports);
  }
}
