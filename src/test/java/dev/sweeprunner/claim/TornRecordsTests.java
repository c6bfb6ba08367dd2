package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static dev.sweeprunner.claim.Workers.checkpoint;
import static dev.sweeprunner.claim.Workers.claim;
import static dev.sweeprunner.claim.Workers.logged;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record that says nothing is unknown: watched for the expiry, then taken over. */
class TornRecordsTests {
  private static final Duration ALMOST = SETTINGS.expiry().minus(SETTINGS.poll());

  private static final Map<String, UnaryOperator<String>> DAMAGES = new LinkedHashMap<>();

  static {
    DAMAGES.put("empty", whole -> "");
    DAMAGES.put("cut", whole -> whole.substring(0, whole.length() / 2));
    DAMAGES.put("zeros", whole -> "\0".repeat(whole.length()));
    DAMAGES.put("binary", whole -> "\u00ff\u0001\u0000\u009f".repeat(90));
    DAMAGES.put("a list", whole -> "[]");
    DAMAGES.put("nothing but a version", whole -> "{\"v\":1}");
    DAMAGES.put("no token", whole -> whole.replaceFirst("\"token\":\"[^\"]*\"", "\"token\":\"\""));
    DAMAGES.put(
        "nobody's", whole -> whole.replaceFirst("incarnation\":\"[^\"]*", "incarnation\":\""));
    DAMAGES.put("a word for a number", whole -> whole.replaceFirst("\"slot\":1", "\"slot\":\"x\""));
    DAMAGES.put("another slot's", whole -> whole.replaceFirst("\"slot\":1", "\"slot\":7"));
    DAMAGES.put(
        "of slot 2^32 + 1", whole -> whole.replaceFirst("\"slot\":1", "\"slot\":4294967297"));
    DAMAGES.put("a later epoch", whole -> whole.replaceFirst("\"epoch\":1", "\"epoch\":9"));
    DAMAGES.put("no epoch", whole -> whole.replaceFirst("\"epoch\":1", "\"epoch\":0"));
    DAMAGES.put("a bad time", whole -> whole.replaceFirst("wall_utc\":\"", "wall_utc\":\"x"));
    DAMAGES.put(
        "long",
        whole ->
            whole.strip().replaceFirst("\\}$", "") + ",\"x\":\"" + "y".repeat(9_000_000) + "\"}");
    DAMAGES.put("deep", whole -> "{\"v\":" + "[".repeat(200_000));
  }

  @TempDir Path root;

  private Workers workers;
  private DirectoryClaims a;
  private DirectoryClaims b;

  @BeforeEach
  void two_workers() {
    workers = new Workers(root);
    a = workers.start("a");
    b = workers.start("b");
  }

  static Stream<String> damages() {
    return DAMAGES.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("damages")
  void a_first_slot_that_says_nothing_is_watched_and_then_taken_over(String damage)
      throws IOException {
    claim(a).close();
    damage(1, how(damage));
    Files.delete(workers.layout.lock(RUN).resolve("hb.00000001"));

    assertThat(logged(b.look(RUN)).end().unreadable()).isTrue();
    assertThat(kind(workers.watch(b, ALMOST))).isEqualTo(Liveness.Kind.SILENT);
    assertThat(kind(workers.watch(b, SETTINGS.poll()))).isEqualTo(Liveness.Kind.EXPIRED);
    Claim heir = claim(b);
    assertThat(heir.epoch()).isEqualTo(2);
    assertThat(heir.publish(checkpoint(10, 2))).isTrue();
    assertThat(logged(a.look(RUN)).end().configSha256()).isEqualTo(Workers.SHA);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void the_newest_slot_damaged_goes_back_to_the_one_below(String damage) throws IOException {
    Claim first = claim(a);
    first.publish(checkpoint(10, 1));
    first.publish(checkpoint(20, 1));
    damage(3, text -> how(damage).apply(text.replace("\"slot\":3", "\"slot\":1")));

    ClaimState.Logged state = logged(workers.watch(b, SETTINGS.expiry()));

    assertThat(state.end().configSha256()).isEqualTo(Workers.SHA);
    assertThat(kind(state)).isEqualTo(Liveness.Kind.EXPIRED);
    assertThat(claim(b).summary().checkpoint()).isEqualTo(checkpoint(10, 1));
  }

  @Test
  void a_middle_slot_damaged_changes_nothing_and_history_names_it() throws IOException {
    Claim first = claim(a);
    first.publish(checkpoint(10, 1));
    first.publish(checkpoint(20, 1));
    first.release(ReleaseReason.PREEMPTED, "SIGTERM");
    damage(2, whole -> "");

    assertThat(logged(b.look(RUN)).end().type()).isEqualTo(RecordType.RELEASE);
    assertThat(claim(b).published()).containsExactly(checkpoint(20, 1));
    assertThat(b.history(RUN)).extracting(LogEnd::slot).containsExactly(1, 2, 3, 4, 5);
    assertThat(b.history(RUN))
        .extracting(LogEnd::unreadable)
        .containsExactly(false, true, false, false, false);
  }

  @Test
  void a_torn_record_that_changes_is_watched_anew() throws IOException {
    claim(a);
    damage(1, whole -> whole.substring(0, 10));
    Files.delete(workers.layout.lock(RUN).resolve("hb.00000001"));
    workers.watch(b, ALMOST);

    damage(1, whole -> whole + "x");

    assertThat(kind(workers.watch(b, ALMOST))).isEqualTo(Liveness.Kind.SILENT);
  }

  @Test
  void an_owner_that_beats_keeps_its_run_though_its_record_was_torn() throws IOException {
    Claim claim = claim(a);
    damage(1, whole -> "");
    workers.watch(b, ALMOST);

    Workers.beat(claim);

    assertThat(kind(b.look(RUN))).isEqualTo(Liveness.Kind.LIVE);
    assertThat(kind(workers.watch(b, ALMOST))).isEqualTo(Liveness.Kind.SILENT);
  }

  @Test
  void a_reset_over_a_torn_log_leaves_a_run_of_any_config() throws IOException {
    claim(a).release(ReleaseReason.PREEMPTED, "");
    damage(1, whole -> "");
    damage(2, whole -> "");
    workers.watch(b, SETTINGS.expiry());

    assertThat(b.reset(RUN)).isPresent();

    assertThat(claim(a).epoch()).isEqualTo(4);
  }

  private void damage(int slot, UnaryOperator<String> how) throws IOException {
    Path file = workers.layout.lock(RUN).resolve(Contents.slotName(slot));
    String whole = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Files.write(file, how.apply(whole).getBytes(StandardCharsets.ISO_8859_1));
  }

  private static UnaryOperator<String> how(String damage) {
    return Objects.requireNonNull(DAMAGES.get(damage));
  }

  private static Liveness.Kind kind(ClaimState state) {
    Liveness owner = logged(state).owner();
    if (owner == null) {
      throw new AssertionError("no owner in " + state);
    }
    return owner.kind();
  }
}
