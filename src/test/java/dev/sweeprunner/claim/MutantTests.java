package dev.sweeprunner.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.claim.SimRules.Move;
import dev.sweeprunner.run.RecordType;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The explorer finds each classic mistake when it is made on purpose, and says how it happens. */
class MutantTests {
  private static final long MOST = 1_000_000;

  static Stream<Arguments> mutants() {
    SimRules two = SimRules.TWO.moves(Move.FINISH);
    BiFunction<String, SimRules, SimWorker> publish =
        (name, rules) -> new SimMutants.WithoutFence(name, rules, RecordType.PUBLISH);
    return Stream.of(
        mutant("remove-then-recreate lock", two, SimMutants.RemoveThenRecreate::new, "given again"),
        mutant("rename takeover", two, SimMutants.RenameTakeover::new, "given to a second one"),
        mutant("check-then-finish", two, SimMutants.CheckThenFinish::new, "given to a second one"),
        mutant(
            "no token after \"exists\"",
            two.faults(1),
            SimMutants.NoTokenAfterExists::new,
            "false: it stands in slot"),
        mutant(
            "beat judged by wall clock",
            two.shown(),
            SimWatcher.WallClock::new,
            "an owner that beats is called dead"),
        mutant(
            "publish without fence", two.moves(Move.PUBLISH, Move.LEAVE), publish, "not chained"),
        mutant(
            "finish after supersession",
            two,
            SimMutants.FinishAfterSupersession::new,
            "of an open log is removed"),
        mutant(
            "epoch reused after compaction",
            two,
            SimMutants.EpochReusedAfterCompaction::new,
            "an epoch is reused"),
        mutant(
            "no listing after an append",
            two,
            SimMutants.NoListingAfterAppend::new,
            "was told CLAIM true: it stands nowhere"),
        mutant(
            "an error taken for success",
            two.faults(1),
            SimMutants.ErrorIsSuccess::new,
            "true: it stands nowhere"),
        mutant("no sync before the answer", two.powerLoss(), SimMutants.NoSync::new, "is lost"));
  }

  private static Arguments mutant(
      String name, SimRules rules, BiFunction<String, SimRules, SimWorker> made, String law) {
    return Arguments.of(name, rules, made, law);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void is_caught(
      String name, SimRules rules, BiFunction<String, SimRules, SimWorker> made, String law) {
    Explorer.Found found = new Explorer(rules, ExplorerTests.marked(true), made).shortest(MOST);

    System.out.printf("%s, after %,d states: %s%n%n", name, found.states(), found.broken());
    assertThat(found.broken()).contains(law);
  }
}
