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

/**
 * What will not come right by itself, and the command for it: the last lines of a table.
 *
 * @param text the fact, and what the command does: {@code 2 poisoned; once the cause is mended}
 * @param command a line for a shell
 */
public record Attention(String text, String command) {
  private static final String PROGRAM = "./sweep-runner ";
  private static final int FEW = 4;

  /** As a line of a table. */
  String sentence() {
    return text + ": " + command;
  }

  /** One for each kind of trouble; none where a sweep goes its way. */
  public static List<Attention> of(SweepStatus sweep) {
    Map<State, List<String>> runs = new EnumMap<>(State.class);
    for (PointStatus point : sweep.statuses()) {
      if (sweep.first(point)) {
        runs.computeIfAbsent(point.verdict().state(), state -> new ArrayList<>())
            .add(point.point().runId());
      }
    }
    String rest =
        " --sweep " + ShellWord.of(sweep.points().sweep().path().toString()) + storage(sweep);
    List<Attention> found = new ArrayList<>();
    for (State state : List.of(State.POISONED, State.HELD)) {
      List<String> ids = runs.getOrDefault(state, List.of());
      if (!ids.isEmpty()) {
        String when = state == State.HELD ? "to go on" : "once the cause is mended";
        String command = PROGRAM + "reset " + String.join(" ", few(ids)) + rest;
        found.add(new Attention(head(ids, state) + when, command));
      }
    }
    for (State state : List.of(State.INVALID, State.FOREIGN, State.FAILED)) {
      List<String> ids = runs.getOrDefault(state, List.of());
      if (!ids.isEmpty()) {
        String command = PROGRAM + "explain " + ids.get(0) + rest;
        found.add(new Attention(head(ids, state) + "all about one", command));
      }
    }
    if (idle(sweep)) {
      found.add(new Attention("Nobody works on this sweep; a worker", PROGRAM.strip() + rest));
    }
    return found;
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
