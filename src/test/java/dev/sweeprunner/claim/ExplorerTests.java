package dev.sweeprunner.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.claim.SimRules.Move;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that two workers can do to one run, within bounds that say how much may go wrong on
 * one path; and seeded walks beyond them. {@code -Dexplorer.deep=true} raises the bounds.
 */
class ExplorerTests {
  static final boolean DEEP = Boolean.getBoolean("explorer.deep");
  static final long MOST = Long.getLong("explorer.most", DEEP ? 400_000_000L : 2_000_000L);
  private static final SimRules TWO = SimRules.TWO;

  static Stream<Arguments> bounds() {
    SimRules end = TWO.moves(Move.FINISH, Move.RELEASE);
    Stream<Arguments> quick =
        Stream.of(
            bounds("orders", TWO),
            bounds("other ends", TWO.moves(Move.FINISH, Move.FAIL, Move.POISON, Move.LEAVE)),
            bounds("beats inside appends", end.between(1)),
            bounds("looking twice", TWO.moves(Move.RELEASE).looks(2)),
            bounds("deaths", TWO.moves(Move.FINISH).lives(2).kills(1)),
            bounds("faults at the end", TWO.moves(Move.FINISH).faults(1)),
            bounds("faults on the way", TWO.moves(Move.PUBLISH, Move.LEAVE).faults(1)),
            bounds("old memories", TWO.stale(1)),
            bounds("loss of power", end.powerLoss()),
            bounds("no hard links", TWO.noLinks()),
            bounds("temps and beats shown", TWO.moves(Move.FINISH).shown()),
            Arguments.of("a new project", end, SimDisk.EMPTY));
    Stream<Arguments> deep =
        Stream.of(
            bounds("deaths", TWO.lives(2).kills(2)),
            bounds("deaths and a fault", end.lives(2).kills(1).faults(1)),
            bounds("every move", TWO.moves(Move.values()).between(1)),
            bounds("looking twice", end.looks(2)),
            bounds("three lives", end.lives(3)),
            bounds("faults", TWO.moves(Move.values()).faults(1)),
            bounds("two faults", TWO.moves(Move.FINISH).faults(2)),
            bounds("old memories and a fault", TWO.stale(2).faults(1)),
            bounds("loss of power", TWO.powerLoss()),
            bounds("no hard links, faults", TWO.moves(Move.FINISH).noLinks().faults(1)),
            bounds("no hard links, deaths", end.noLinks().lives(2).kills(1)),
            bounds("temps and beats shown", TWO.shown()),
            bounds("three workers", end.workers(3)));
    return DEEP ? Stream.concat(quick, deep) : quick;
  }

  private static Arguments bounds(String name, SimRules rules) {
    return Arguments.of(name, rules, marked(rules.links));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bounds")
  void whatever_happens_no_law_is_broken(String name, SimRules rules, SimDisk disk) {
    Explorer.Found found = new Explorer(rules, disk, SimWorker::new).all(MOST);

    System.out.println(name + ": " + found.summary());
    assertThat(found.broken()).isNull();
    assertThat(found.whole()).as("explored to the end").isTrue();
  }

  /** A project whose lock folder says how slots are taken. */
  static SimDisk marked(boolean links) {
    SimDisk[] disk = {SimDisk.EMPTY};
    SimFs files =
        new SimFs(
            "m",
            call -> {
              boolean refused = call.kind() == SimCall.Kind.LINK && !links;
              SimServer.Step step =
                  refused
                      ? new SimServer.Step(SimReply.NO_LINKS, disk[0])
                      : SimServer.apply(disk[0], call);
              disk[0] = step.disk();
              return step.reply();
            });
    try {
      new LockFormat(SimWorker.LAYOUT, files).readOrMark(SimWorker.RUN.project());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return disk[0];
  }
}
