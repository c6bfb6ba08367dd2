package dev.sweeprunner.claim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the beats say, in every order of beats and looks. */
class WatcherTests {
  @Test
  void an_owner_that_beats_is_never_called_dead_whatever_the_wall_clocks_say() {
    Explorer.Found found =
        new Explorer(SimRules.TWO.shown(), ExplorerTests.marked(true), SimWatcher::new)
            .all(ExplorerTests.MOST);

    System.out.println("clocks: " + found.summary());
    assertThat(found.broken()).isNull();
    assertThat(found.whole()).isTrue();
  }
}
