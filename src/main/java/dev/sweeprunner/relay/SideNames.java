package dev.sweeprunner.relay;

import dev.sweeprunner.relay.rows.SideBooks.Known;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which run beside the claim's a client gets: one that asks as a client of an earlier life did goes
 * on with that one's. Guarded by {@link Runs}.
 */
final class SideNames {
  private final String claim;
  private final List<Known> earlier;
  private final Set<Integer> used = new HashSet<>();
  private int newest = 1;

  /** Those of a life that begins, by their numbers. */
  SideNames(String claim, List<Known> earlier) {
    this.claim = claim;
    this.earlier = List.copyOf(earlier);
    earlier.forEach(known -> newest = Math.max(newest, known.number()));
  }

  /** Whether an id stood for one of them in an earlier life, or is one's name. */
  boolean knows(String asked) {
    return earlier.stream().anyMatch(known -> isNamed(known, asked));
  }

  /**
   * Who asks for this.
   *
   * @param rank whether it is by what the claim's run is asked for, which another client writes
   */
  Known of(String asked, boolean rank) {
    return earlier.stream()
        .filter(known -> !used.contains(known.number()))
        .filter(known -> rank ? known.rank() : isNamed(known, asked))
        .findFirst()
        .orElseGet(() -> new Known(newest + 1, asked, rank));
  }

  /** Whether an earlier life knew it. */
  boolean isOld(Known run) {
    return earlier.contains(run);
  }

  /** Whether a name is of the form in which these are named. */
  boolean isOurs(String name) {
    return name.startsWith(claim + "-");
  }

  /** It is another's now. */
  void use(Known run) {
    used.add(run.number());
    newest = Math.max(newest, run.number());
  }

  private boolean isNamed(Known known, String asked) {
    return (!known.rank() && known.asked().equals(asked))
        || asked.equals(claim + "-" + known.number());
  }
}
