package dev.sweeprunner.run.scale;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the tasks of one profile do.
 *
 * @param working they run and hold a run
 * @param idle they run and hold none: they start, or look for work
 * @param pending they wait for their start, and it will come
 * @param blocked they wait for what may never come
 * @param suspended they hold their place and do nothing
 * @param reasons why they wait, in Slurm's word, with how many; of pending and blocked ones
 */
public record Tally(
    int working, int idle, int pending, int blocked, int suspended, Map<String, Integer> reasons) {
  static Tally of(List<Member> members) {
    int[] counts = new int[5];
    Map<String, Integer> reasons = new TreeMap<>();
    for (Member member : members) {
      counts[kind(member)]++;
      if (member.task().pending() && !member.task().reason().isEmpty()) {
        reasons.merge(member.task().reason(), 1, Integer::sum);
      }
    }
    return new Tally(counts[0], counts[1], counts[2], counts[3], counts[4], reasons);
  }

  private static int kind(Member member) {
    return switch (member.task().phase()) {
      case PENDING -> 2;
      case BLOCKED -> 3;
      case SUSPENDED -> 4;
      case RUNNING, ENDED -> member.held() > 0 ? 0 : 1;
    };
  }

  /** All of them. */
  public int there() {
    return working + idle + pending + blocked + suspended;
  }
}
