package dev.sweeprunner.wandb.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.ServerCheck.Finding;
import dev.sweeprunner.run.ServerCheck.Verdict;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.wandb.FakeRun;
import dev.sweeprunner.testkit.wandb.FakeWandbServer;
import dev.sweeprunner.testkit.wandb.RunAddress;
import dev.sweeprunner.testkit.wandb.ServerOptions;
import dev.sweeprunner.wandb.api.ClientPorts;
import dev.sweeprunner.wandb.api.Patience;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.settings.Account;
import dev.sweeprunner.wandb.settings.Credential;
import dev.sweeprunner.wandb.settings.Network;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the fake server, honest and not; no time passes but the clock's. */
class CheckTests {
  private static final String KEY = "0123456789abcdef0123456789abcdef01234567";
  private static final int BY_HAND = 3;

  private final SettableClock clock = new SettableClock();
  private final List<Finding> heard = new ArrayList<>();
  private Optional<String> stopped = Optional.empty();
  private FakeWandbServer server;

  @BeforeEach
  void start() {
    server = FakeWandbServer.start(ServerOptions.usual().with(clock));
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void an_honest_server_does_all_that_a_program_can_see() {
    List<Finding> probes = check(server.url(), null).run(heard::add);

    assertThat(probes).isEqualTo(heard).hasSizeGreaterThan(20);
    assertThat(probes).filteredOn(probe -> probe.verdict() == Verdict.DIFFERENT).isEmpty();
    assertThat(probes)
        .filteredOn(probe -> probe.verdict() == Verdict.UNSEEN)
        .hasSize(BY_HAND)
        .allSatisfy(probe -> assertThat(probe.seen()).startsWith("by hand: "));
  }

  @Test
  void its_runs_stay_ended_in_the_scratch_project_and_others_are_left_alone() {
    RunAddress mine = new RunAddress("fake-entity", Check.PROJECT, "mine");
    FakeRun before = server.runs().place(mine, "running", "{\"a\":{\"value\":1}}", "{\"iter\":3}");

    check(server.url(), null).run(heard::add);

    assertThat(server.runs().all())
        .filteredOn(run -> !run.address().equals(mine))
        .hasSizeGreaterThan(8)
        .allSatisfy(run -> assertThat(run.address().project()).isEqualTo(Check.PROJECT))
        .allSatisfy(run -> assertThat(run.address().name()).startsWith("seed1-"))
        .allSatisfy(run -> assertThat(run.state()).isEqualTo("finished"));
    assertThat(before.posts()).isZero();
    assertThat(before.config()).hasSize(1);
  }

  @Test
  void the_entity_that_is_named_owns_the_runs() {
    server.accounts().addEntity("team");

    check(server.url(), "team").run(heard::add);

    assertThat(server.runs().all())
        .isNotEmpty()
        .allSatisfy(run -> assertThat(run.address().entity()).isEqualTo("team"));
    assertThat(heard.get(0).seen()).contains("team/" + Check.PROJECT);
  }

  @Test
  void an_answer_that_lags_within_the_limits_is_ok_and_measured() {
    server.runs().lag(Duration.ofSeconds(20));

    check(server.url(), null).run(heard::add);

    assertThat(probe("a config is read back").seen()).isEqualTo("read back after 20.0 s");
    assertThat(probe("a config is read back").took()).isEqualTo(Duration.ofSeconds(20));
    assertThat(heard).filteredOn(probe -> probe.verdict() == Verdict.DIFFERENT).isEmpty();
  }

  @Test
  void an_answer_that_lags_longer_than_a_claim_waits_is_different() {
    server.runs().lag(Duration.ofSeconds(60));

    check(server.url(), null).run(heard::add);

    assertThat(probe("a config is read back").verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(probe("a config is read back").seen()).isEqualTo("not there after 45.0 s");
    assertThat(probe("history lines are counted").verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(probe("only the first upsert").verdict()).isEqualTo(Verdict.OK);
  }

  /** What is asked and what is answered is rewritten by a pattern each. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "- | - | \"inserted\":[a-z]+ | \"inserted\":true | only the first upsert",
        "- | - | (historyLineCount\":)[0-9]+ | $13 | history lines are counted",
        "- | - | (historyLineCount\":)[0-9]+ | $199 | the same lines at the same offset",
        "101[.]0 | 1.0 | - | - | another line at an offset",
        "\"offset\":4 | \"offset\":0 | - | - | lines beyond the last",
        "\"preempting\":true | \"uploaded\":[] | - | - | preempting, then exit code 143",
        "\"exitcode\":1} | \"exitcode\":0} | - | - | exit code 1 makes",
        "\"exitcode\":0} | \"exitcode\":1} | - | - | exit code 0 makes",
        "iter(.\":7) | other$1 | - | - | the summary's iter",
        "- | - | heartbeatAt\":\"[^\"]*\" | heartbeatAt\":\"2026-01-01T00:00:00\" | an empty post",
        "[$]in | \\$nin | - | - | asked for some ids",
        "NaN | \" | - | - | a line with a bare NaN",
        "- | - | _wandb | _other | what the client says of itself",
        "\"tags\":.*?\\] | \"tags\":[\"other\"] | - | - | tags and notes are set",
        "variables\":[{](\"name\":\"seed1-program\") | variables\":{\"tags\":[],$1 | - | - | an"
            + " upsert leaves tags",
        "_step.{2,3}:900 | _step\\\":4 | - | - | steps may leave numbers out",
        "nested | other | - | - | a summary may be nested",
        "\"offset\":1([,}]) | \"offset\":2$1 | - | - | a console line at a number",
        "- | - | check/kept.txt | check/other.txt | a file that was uploaded",
        "- | - | success\":true | success\":false | an alert of a run is taken",
        "- | - | PENDING | COMMITTED | an artifact that was begun",
        "- | - | COMMITTED | PENDING | one that was committed is found",
        "variables\":[{] | variables\":{\"config\":\"{}\", | - | - | an upsert without a config",
      })
  void what_the_server_does_otherwise_is_different(
      String asked, String ask, String answered, String answer, String relied) throws IOException {
    try (Meddler meddler =
        new Meddler(server.url(), rewrite(asked, ask), rewrite(answered, answer))) {
      check(meddler.url(), null).run(heard::add);
    }

    assertThat(probe(relied).verdict()).as(probe(relied).seen()).isEqualTo(Verdict.DIFFERENT);
    assertThat(probe("the key is known").verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void a_wrong_key_is_one_sentence_with_the_way_out() {
    server.accounts().accept("another" + KEY);

    assertThatThrownBy(() -> check(server.url(), null).run(heard::add))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("401")
        .hasMessageContaining("Set WANDB_API_KEY to a valid key")
        .hasMessageNotContaining(KEY);
    assertThat(heard).isEmpty();
  }

  @Test
  void an_entity_that_the_key_may_not_use_is_one_sentence() {
    server.accounts().addEntity("closed");
    server.accounts().forbid(KEY, "closed");

    assertThatThrownBy(() -> check(server.url(), "closed").run(heard::add))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--entity");
    assertThat(heard).isEmpty();
  }

  @Test
  void a_server_that_falls_silent_leaves_the_rest_unseen_and_says_why() {
    Check check = check(server.url(), null);

    assertThatThrownBy(
            () ->
                check.run(
                    probe -> {
                      heard.add(probe);
                      server.faults().outage(heard.size() >= 4);
                    }))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining("Run wandb-check again");

    assertThat(heard).hasSizeGreaterThan(20);
    assertThat(heard.subList(0, 4)).allMatch(probe -> probe.verdict() == Verdict.OK);
    assertThat(heard.subList(4, heard.size() - BY_HAND))
        .allMatch(probe -> probe.verdict() == Verdict.UNSEEN)
        .allMatch(probe -> probe.seen().contains("cannot be reached"));
  }

  @Test
  void a_stop_leaves_the_rest_unseen() {
    Check check = check(server.url(), null);

    assertThatThrownBy(
            () ->
                check.run(
                    probe -> {
                      heard.add(probe);
                      stopped = heard.size() >= 3 ? Optional.of("INT") : stopped;
                    }))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("stopped by INT");

    assertThat(heard.get(heard.size() - BY_HAND - 1).verdict()).isEqualTo(Verdict.UNSEEN);
  }

  private Finding probe(String relied) {
    return heard.stream()
        .filter(probe -> probe.relied().startsWith(relied))
        .findFirst()
        .orElseThrow();
  }

  private Check check(String url, @Nullable String entity) {
    Network network =
        new Network(
            address -> Optional.empty(), List.of(), false, Map.of(), Duration.ofSeconds(10));
    URI base = URI.create(url);
    Account account =
        new Account(base, base, new Credential.ApiKey(KEY), null, null, null, "", "", network);
    ClientPorts ports = new ClientPorts(clock::advance, clock::now, 1, "test");
    WandbClient client = WandbClient.of(account, Patience.steady(), ports);
    Pause pause = clock::advance;
    StopSignal stop = () -> stopped;
    return new Check(client, entity, "seed1", clock, pause, stop);
  }

  private static UnaryOperator<String> rewrite(String pattern, String by) {
    return pattern.equals("-") ? text -> text : text -> text.replaceAll(pattern, by);
  }
}
