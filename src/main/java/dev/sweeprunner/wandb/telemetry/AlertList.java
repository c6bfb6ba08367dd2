package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.TrackedAlert;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What the programs of a run's claims want people to be told. A claim that does the work of a dead
 * one again, and alerts again, is a second alert: what the program says of itself is its affair.
 *
 * @param files of the claims, by their epochs
 */
record AlertList(SortedMap<Integer, Path> files) {
  private static final int SOME = 1_000;

  /** All of them, in the order in which they were said. */
  List<Cargo> look() throws IOException {
    List<Cargo> found = new ArrayList<>();
    for (Map.Entry<Integer, Path> file : files.entrySet()) {
      ClaimsLines lines = new ClaimsLines(List.of(file.getValue()));
      long number = 0;
      for (List<ClaimsLines.Line> some = lines.next(SOME);
          !some.isEmpty();
          some = lines.next(SOME)) {
        for (ClaimsLines.Line line : some) {
          add(line.text(), Cargo.Alert.mark(file.getKey(), number++), found);
        }
      }
    }
    return found;
  }

  private static void add(String line, String mark, List<Cargo> found) {
    try {
      found.add(new Cargo.Alert(TrackedAlert.read(line), mark));
    } catch (UnreadableJson damaged) {
      // The others can be told.
    }
  }
}
