package dev.sweeprunner.wandb.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.check.Behaviour.Seen;
import dev.sweeprunner.wandb.check.Scratch.Awaited;
import dev.sweeprunner.wandb.check.Scratch.Halted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a history without a seam rests on: lines have numbers, and a number has one line. */
final class LineBehaviours {
  private static final Duration COUNT = Duration.ofSeconds(30);
  private static final int FIRST = 4;
  private static final int CHANGED = 1;
  private static final double NEW_VALUE = 101;

  private final Scratch scratch;
  private final ScratchRun run;
  private final ScratchRun odd;
  private final ScratchRun gap;
  private final List<String> lines;

  LineBehaviours(Scratch scratch) {
    this.scratch = scratch;
    this.run = scratch.run("lines");
    this.odd = scratch.run("nan");
    this.gap = scratch.run("gap");
    this.lines = IntStream.range(0, FIRST + 2).mapToObj(step -> line(step, step + "")).toList();
  }

  List<Behaviour> all() {
    return List.of(
        new Behaviour("history lines are counted within 30 s", this::counted),
        new Behaviour("the same lines at the same offset again add none", this::again),
        new Behaviour("another line at an offset takes the place of the one there", this::other),
        new Behaviour("lines beyond the last are appended", this::beyond),
        new Behaviour("a line with a bare NaN is taken", this::nan),
        new Behaviour("a line behind a gap is not refused (this program leaves none)", this::gap));
  }

  private Seen counted() throws WandbFailure, Halted {
    run.lines(0, lines.subList(0, FIRST));
    return seen(counts(run, FIRST));
  }

  private Seen again() throws WandbFailure, Halted {
    run.lines(0, lines.subList(0, FIRST));
    counts(run, FIRST);
    run.lines(0, lines.subList(0, FIRST));
    scratch.settle();
    long count = run.lineCount();
    return Seen.of(count == FIRST, count + " lines");
  }

  private Seen other() throws WandbFailure, Halted {
    run.lines(CHANGED, List.of(line(CHANGED, NEW_VALUE + "")));
    Awaited<List<Row>> read =
        scratch.await(
            COUNT, () -> rows(run), rows -> values(rows, CHANGED).equals(List.of(NEW_VALUE)));
    long count = run.lineCount();
    return Seen.of(
        read.right() && count == FIRST,
        (read.right() ? "the new one alone is read back " : values(read.answer(), CHANGED) + " ")
            + (read.when() + "; " + count + " lines"));
  }

  private Seen beyond() throws WandbFailure, Halted {
    run.lines(FIRST, lines.subList(FIRST, lines.size()));
    Awaited<Long> count = counts(run, lines.size());
    Awaited<List<Row>> read =
        scratch.await(COUNT, () -> rows(run), rows -> rows.size() == lines.size());
    boolean right = count.right() && read.right();
    return Seen.of(
        right, count.answer() + " lines, " + read.answer().size() + " read back " + read.when());
  }

  private Seen nan() throws WandbFailure, Halted {
    odd.lines(0, List.of(line(0, "NaN")));
    Awaited<Long> count = counts(odd, 1);
    List<@Nullable Double> values = values(rows(odd), 0);
    return Seen.of(count.right(), count.answer() + " lines, read back as " + values);
  }

  private Seen gap() throws WandbFailure, Halted {
    gap.lines(0, List.of(line(0, "0")));
    gap.lines(3, List.of(line(3, "3")));
    scratch.settle();
    return Seen.of(
        true,
        ("taken: lines 0 and 3 count as " + gap.lineCount())
            + (", " + rows(gap).size() + " are read back"));
  }

  private Awaited<Long> counts(ScratchRun of, long wanted) throws WandbFailure, Halted {
    return scratch.await(COUNT, of::lineCount, count -> count == wanted);
  }

  private static Seen seen(Awaited<Long> count) {
    return Seen.of(count.right(), count.answer() + " lines " + count.when());
  }

  private List<Row> rows(ScratchRun of) throws WandbFailure {
    List<Row> rows = new ArrayList<>();
    for (String line : scratch.client().history(of.path()).orElse(List.of())) {
      rows.add(Row.of(line));
    }
    return rows;
  }

  private static List<@Nullable Double> values(List<Row> rows, long step) {
    List<@Nullable Double> values = new ArrayList<>();
    rows.stream().filter(row -> row.step() == step).forEach(row -> values.add(row.value()));
    return values;
  }

  private String line(int step, String value) {
    return "{\"iter\":"
        + (step + ",\"value\":" + value)
        + (",\"_step\":" + step + ",\"_runtime\":" + step)
        + (",\"_timestamp\":" + scratch.clock().now().getEpochSecond() + "}");
  }

  /** A history line as it is read back; what cannot be read has step -1. */
  private record Row(long step, @Nullable Double value) {
    static Row of(String line) {
      try {
        Fields fields = Fields.of(line.getBytes(UTF_8));
        return new Row(fields.number("_step"), fields.decimalOrNull("value"));
      } catch (UnreadableJson unreadable) {
        return new Row(-1, null);
      }
    }
  }
}
