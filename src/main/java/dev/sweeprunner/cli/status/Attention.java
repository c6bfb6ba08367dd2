package dev.sweeprunner.cli.status;

import dev.sweeprunner.problem.ShellWord;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The last lines of a table: what will not come right by itself, and the command for it. */
final class Attention {
  private static final String PROGRAM = "./sweep-runner ";
  private static final int FEW = 4;

  private Attention() {}

  /** A sentence for each kind of trouble; none where a sweep goes its way. */
  static List<String> of(SweepStatus sweep) {
    Map<State, List<String>> runs = new EnumMap<>(State.class);
    for (PointStatus point : sweep.statuses()) {
      if (sweep.first(point)) {
        runs.computeIfAbsent(point.verdict().state(), state -> new ArrayList<>())
            .add(point.point().runId());
      }
    }
    String rest =
        " --sweep " + ShellWord.of(sweep.points().sweep().path().toString()) + storage(sweep);
    List<String> sentences = new ArrayList<>();
    for (State state : List.of(State.POISONED, State.HELD)) {
      List<String> ids = runs.getOrDefault(state, List.of());
      if (!ids.isEmpty()) {
        String when = state == State.HELD ? "to go on" : "once the cause is mended";
        sentences.add(
            head(ids, state)
                + when
                + ": "
                + PROGRAM
                + "reset "
                + String.join(" ", few(ids))
                + rest);
      }
    }
    for (State state : List.of(State.INVALID, State.FOREIGN, State.FAILED)) {
      List<String> ids = runs.getOrDefault(state, List.of());
      if (!ids.isEmpty()) {
        sentences.add(
            head(ids, state) + "all about one: " + PROGRAM + "explain " + ids.get(0) + rest);
      }
    }
    if (idle(sweep)) {
      sentences.add("Nobody works on this sweep; a worker: " + PROGRAM.strip() + rest);
    }
    return sentences;
  }

  private static String head(List<String> ids, State state) {
    return "Attention: " + ids.size() + " " + state.shown() + "; ";
  }

  private static List<String> few(List<String> ids) {
    return ids.size() <= FEW ? ids : List.of("RUN_ID...");
  }

  private static String storage(SweepStatus sweep) {
    Path root = sweep.root().path();
    return sweep.root().given() ? " --storage " + ShellWord.of(root.toString()) : "";
  }

  /** Whether there is work that anybody could take, begun already, and nobody is there. */
  private static boolean idle(SweepStatus sweep) {
    boolean begun = sweep.statuses().stream().anyMatch(point -> point.end().isPresent());
    boolean open =
        sweep.statuses().stream().anyMatch(point -> point.verdict() instanceof Verdict.Claimable);
    boolean taken =
        sweep.statuses().stream()
            .anyMatch(
                point ->
                    point.verdict() instanceof Verdict.Taken
                        && point.verdict().state() != State.ELSEWHERE);
    return begun && open && !taken;
  }
}
