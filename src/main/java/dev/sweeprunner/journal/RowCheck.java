package dev.sweeprunner.journal;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.run.Finding.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file of rows must hold. Pure.
 *
 * @param sha256 of its bytes
 * @param rows in it
 * @param from the first update of which it holds rows
 * @param to the first update after
 * @param closed whether the run has ended there: the row of the last evaluation may follow, and of
 *     a program any that it told after its last checkpoint
 * @param interval each multiple of it is an update whose row it must hold; 0 where that is unknown
 */
record RowCheck(String sha256, long rows, long from, long to, boolean closed, long interval) {
  /** What is wrong, as a sentence. */
  record Fault(Kind kind, String fact) {}

  /** What is wrong with these bytes; a step that is wrong says more than a hash. */
  Optional<Fault> fault(byte[] lines) {
    String steps = steps(lines);
    if (steps != null) {
      return Optional.of(new Fault(Kind.STEPS, steps));
    }
    String found = Sha256.of(lines);
    return found.equals(sha256)
        ? Optional.empty()
        : Optional.of(
            new Fault(
                Kind.DAMAGED, "its SHA-256 is " + found + ", but the claim log names " + sha256));
  }

  private @Nullable String steps(byte[] lines) {
    long previous = from - 1;
    long line = 0;
    for (int start = 0; start < lines.length; start = RowLine.end(lines, start)) {
      line++;
      long step = RowLine.step(lines, start);
      String wrong = step < 0 ? "line " + line + " is no row" : wrong(step, previous, line);
      if (wrong != null) {
        return wrong;
      }
      previous = step;
    }
    String lost = lost(previous, to);
    return lost == null && line != rows
        ? "it holds " + line + " rows, but " + rows + " were published"
        : lost;
  }

  private @Nullable String wrong(long step, long previous, long line) {
    if (step == previous) {
      return "step " + step + " is there twice (line " + line + ")";
    }
    if (step < previous) {
      return "step " + step + " comes after step " + previous + " (line " + line + ")";
    }
    if (step >= to && !(closed && (interval == 0 || step == to))) {
      return "step " + step + " lies beyond its last (line " + line + ")";
    }
    return lost(previous, step);
  }

  /** The first step between two rows that must be there. */
  private @Nullable String lost(long previous, long next) {
    if (interval <= 0) {
      return null;
    }
    long due = Math.floorDiv(previous, interval) * interval + interval;
    return due < Math.min(next, to) ? "step " + due + " is not there" : null;
  }
}
