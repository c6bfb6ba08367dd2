package dev.sweeprunner.program.evidence;

import dev.sweeprunner.run.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether a program that has ended did its work: exit 0 and every rule that is given. A program of
 * the pipeline's configs exits 0 when preempted too, so for those the iteration in {@code
 * checkpoints/latest/trainer_state.json} decides.
 */
public final class Finished {
  private final EvidenceOptions.Finish rules;
  private final Path root;
  private final Path outDir;
  private final OptionalLong goal;

  /**
   * The rules of one run.
   *
   * @param goal {@code max_iters} of a config of the pipeline, else empty
   */
  public Finished(EvidenceOptions options, Places places, OptionalLong goal) {
    this.rules = options.finish();
    this.root = places.of(options.below());
    this.outDir = places.outDir();
    this.goal = goal;
  }

  /**
   * Why the run is not finished, as the end of a sentence about the program; empty if it is.
   *
   * @param exit the program's exit code
   * @param newest the newest row, or null
   * @param total the end that the program told, if it did
   */
  public Optional<String> lacks(int exit, @Nullable Row newest, OptionalLong total) {
    if (exit != 0) {
      return Optional.of("exited with " + exit);
    }
    return earlier()
        .or(this::file)
        .or(this::json)
        .or(() -> step(newest, total))
        .or(() -> metric(newest));
  }

  /** Whether there is a rule, so that exit 0 is not all that is known. */
  public boolean ruled() {
    return rules.given() || goal.isPresent();
  }

  private Optional<String> earlier() {
    if (goal.isEmpty() || rules.given()) {
      return Optional.empty();
    }
    Path state = outDir.resolve("checkpoints").resolve("latest").resolve("trainer_state.json");
    Optional<Double> iter = JsonField.read(state, java.util.List.of("iter_num"));
    if (iter.isEmpty()) {
      return Optional.of("exited with 0, but " + state + " tells no iter_num");
    }
    return iter.get() >= goal.getAsLong()
        ? Optional.empty()
        : Optional.of(
            "exited with 0, but "
                + state
                + " stands at iter_num "
                + plain(iter.get())
                + " of "
                + goal.getAsLong());
  }

  private Optional<String> file() {
    String name = rules.file();
    return name.isEmpty() || Files.exists(root.resolve(name))
        ? Optional.empty()
        : Optional.of("exited with 0, but left no " + root.resolve(name));
  }

  private Optional<String> json() {
    Condition wanted = rules.json();
    if (wanted == null) {
      return Optional.empty();
    }
    JsonField field = JsonField.of("", wanted.name());
    Optional<Double> value = JsonField.read(root.resolve(field.file()), field.field());
    return unless(wanted, value.orElse(null), root.resolve(wanted.name()).toString());
  }

  private Optional<String> step(@Nullable Row newest, OptionalLong total) {
    if (rules.step().isEmpty()) {
      return Optional.empty();
    }
    OptionalLong end =
        rules.step().equals("total") ? total : OptionalLong.of(Long.parseLong(rules.step()));
    if (end.isEmpty()) {
      return Optional.of("exited with 0, but never told its total, which finished.step waits for");
    }
    long step = newest == null ? 0 : newest.step();
    return step >= end.getAsLong()
        ? Optional.empty()
        : Optional.of("exited with 0, but came to step " + step + " of " + end.getAsLong());
  }

  private Optional<String> metric(@Nullable Row newest) {
    Condition wanted = rules.metric();
    return wanted == null
        ? Optional.empty()
        : unless(wanted, newest == null ? null : newest.values().get(wanted.name()), wanted.name());
  }

  private static Optional<String> unless(Condition wanted, @Nullable Double value, String what) {
    if (value != null && wanted.holds(value)) {
      return Optional.empty();
    }
    return Optional.of(
        "exited with 0, but "
            + what
            + (value == null ? " is not there" : " is " + plain(value))
            + ", not "
            + wanted.bound());
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
