package dev.sweeprunner.wandb.telemetry;

import static dev.sweeprunner.wandb.telemetry.ListedLedger.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.testkit.wandb.Channel;
import dev.sweeprunner.testkit.wandb.Fault;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the user hears, and what stands on disk, when W&amp;B goes away under a worker. */
class ContactTests {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir Path root;
  private Station station;

  @BeforeEach
  void start() {
    station = new Station(root);
  }

  @AfterEach
  void stop() {
    station.close();
  }

  @Test
  void an_outage_is_one_warning_and_one_note_however_many_runs_go_by() throws IOException {
    Uplink first = begun(Station.RUN);
    Uplink second = begun("89abcdef");
    serve(MINUTE, first, second);

    station.server.faults().outage(true);
    LongStream.range(0, 40).forEach(step -> first.row(row(step)));
    first.ended(Outcome.RELEASED, "");
    LongStream.range(0, 300).forEach(step -> second.row(row(step)));
    serve(Duration.ofMinutes(3), first, second);
    Uplink third = begun("ffffffff");
    serve(MINUTE, first, second, third);
    List<String> during = List.copyOf(station.heard);
    Contact.Standing away = station.contact.standing();
    station.server.faults().outage(false);
    serve(Duration.ofMinutes(2), first, second, third);

    assertThat(during)
        .singleElement()
        .asString()
        .matches(
            "Warning: W&B has taken nothing since [0-9:]{8} \\([0-9]+ s\\): W&B at .* cannot be"
                + " reached.*connection lost.*\\. Training goes on and nothing is lost: rows are"
                + " kept, and sent when it answers\\.");
    assertThat(away.away()).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(5));
    assertThat(away.why()).contains("connection lost");
    assertThat(station.heard).hasSize(2);
    assertThat(station.heard.get(1))
        .matches(
            "Note: W&B answers again since [0-9:]{8}, after [45] min; what had waited is there"
                + " \\(340 rows\\)\\.");
    assertThat(station.contact.standing().away()).isNull();
  }

  @Test
  void a_hiccup_is_not_worth_a_word() throws IOException {
    Uplink uplink = begun(Station.RUN);
    serve(MINUTE, uplink);
    station.server.faults().next(Channel.FILE_STREAM, Fault.ERROR_500, Fault.DROP_AFTER);

    serve(MINUTE, uplink);

    assertThat(station.heard).isEmpty();
    assertThat(station.contact.standing().away()).isNull();
    assertThat(station.contact.standing().sinceAnswer()).isLessThan(MINUTE);
  }

  @Test
  void what_was_said_at_the_start_is_not_said_again() throws IOException {
    station.server.faults().outage(true);
    station.contact.lost(
        new WandbFailure(WandbFailure.Kind.UNREACHABLE, "refused", null, null),
        station.clock.nanos());
    Uplink uplink = begun(Station.RUN);
    uplink.row(row(0));
    serve(Duration.ofMinutes(5), uplink);
    List<String> during = List.copyOf(station.heard);
    station.server.faults().outage(false);
    serve(Duration.ofMinutes(2), uplink);

    assertThat(during).isEmpty();
    assertThat(station.heard).singleElement().asString().contains("after 5 min", "(1 row)");
  }

  @Test
  void a_second_outage_is_told_like_the_first() throws IOException {
    Uplink uplink = begun(Station.RUN);
    for (int i = 0; i < 2; i++) {
      serve(MINUTE, uplink);
      station.server.faults().outage(true);
      serve(Duration.ofMinutes(3), uplink);
      station.server.faults().outage(false);
    }
    serve(Duration.ofMinutes(2), uplink);

    assertThat(station.heard).hasSize(4);
    assertThat(station.heard).filteredOn(line -> line.startsWith("Note: ")).hasSize(2);
  }

  @Test
  void the_card_says_what_was_there_while_the_rest_is_not() throws IOException {
    Uplink uplink = begun(Station.RUN);
    LongStream.range(0, 3).forEach(step -> uplink.row(row(step)));
    serve(MINUTE, uplink);
    @Nullable Long before = told();

    station.server.faults().outage(true);
    LongStream.range(3, 8).forEach(step -> uplink.row(row(step)));
    serve(MINUTE, uplink);
    long lacking = uplink.lacking();
    @Nullable Long during = told();
    station.server.faults().outage(false);
    serve(MINUTE, uplink);

    assertThat(before).isNull();
    assertThat(during).isEqualTo(3);
    assertThat(lacking).isEqualTo(5);
    assertThat(told()).isNull();
    assertThat(uplink.lacking()).isZero();
  }

  @Test
  void the_next_claim_goes_on_from_what_the_card_says() throws IOException {
    RunDescriptor card = station.outbox.put(station.descriptor("root", 1));
    station.outbox.told(card, 2L);
    RunDescriptor next = station.outbox.put(station.descriptor("root", 2));

    Uplink uplink = Station.uplink(next, ListedLedger.of(7), true, () -> false, station.ports());

    assertThat(uplink.lacking()).isEqualTo(5);
  }

  @Test
  void an_older_claim_does_not_touch_the_card_of_its_heir() throws IOException {
    RunDescriptor old = station.outbox.put(station.descriptor("root", 1));
    RunDescriptor heir = station.outbox.put(station.descriptor("root", 2));

    station.outbox.told(old, 2L);

    assertThat(station.outbox.card(Station.KEY)).contains(heir);
  }

  @Test
  void a_refusal_is_said_of_the_first_run_that_meets_it() throws IOException {
    Uplink first = begun(Station.RUN);
    Uplink second = begun("89abcdef");
    serve(MINUTE, first, second);
    station
        .server
        .faults()
        .next(Channel.FILE_STREAM, Fault.FORBIDDEN, Fault.FORBIDDEN, Fault.FORBIDDEN);

    serve(MINUTE, first, second);

    assertThat(station.notices).singleElement().asString().contains("403").contains(Station.RUN);
  }

  private Uplink begun(String runId) throws IOException {
    RunDescriptor card = station.outbox.put(station.descriptor("root", 1, runId));
    return Station.uplink(card, Ledger.EMPTY, true, () -> false, station.ports());
  }

  private @Nullable Long told() {
    return station.outbox.card(Station.KEY).orElseThrow().told();
  }

  /** Lets uplinks do whatever they can until that moment is past, whoever is due first. */
  private void serve(Duration time, Uplink... uplinks) {
    long end = station.clock.nanos() + time.toNanos();
    while (true) {
      Uplink next =
          List.of(uplinks).stream()
              .filter(uplink -> !uplink.done())
              .min(Comparator.comparing(Uplink::due))
              .orElse(null);
      if (next == null || next.due() > end) {
        break;
      }
      station.clock.advance(Duration.ofNanos(Math.max(0, next.due() - station.clock.nanos())));
      next.step();
    }
    station.clock.advance(Duration.ofNanos(Math.max(0, end - station.clock.nanos())));
  }
}
