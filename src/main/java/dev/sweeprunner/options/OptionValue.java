package dev.sweeprunner.options;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the value of an option may be. */
@FunctionalInterface
interface OptionValue {
  /** An option that stands alone. */
  OptionValue NONE = (as, value) -> {};

  OptionValue GIVEN =
      (as, value) -> {
        if (value.isEmpty()) {
          throw new UserError(as, "its value is empty", "Give a value or drop it");
        }
      };
  OptionValue DEVICE =
      of(v -> v.matches("auto|cpu|cuda(:\\d{1,3})?"), "Choose auto, cpu, cuda or cuda:N");
  OptionValue WORD = of(v -> v.matches("\\S+"), "Give one word, for example %s gpu");
  OptionValue FLAGS =
      of(
          v -> v.startsWith("-"),
          "Give options of sbatch, for example %s \"--account=me --mem=8G\"");
  OptionValue SECONDS =
      of(v -> v.isEmpty() || Times.watch(v).isPresent(), "Give seconds, for example %s=5");
  OptionValue TIME =
      of(v -> v.isEmpty() || Times.positive(v).isPresent(), "Give a time, for example %s=10m");

  /** A BPE is trained elsewhere: no well-kept library of Java does it. */
  OptionValue VOCABULARY =
      (as, value) -> {
        if (!value.equals("bytes")) {
          throw new UserError(
              as,
              value.startsWith("bpe")
                  ? "no BPE is trained here"
                  : "its value is \"%s\", and there is bytes alone".formatted(value),
              "Write bytes, or bring token files that another program made (docs/training.md)");
        }
      };

  OptionValue SHARE =
      of(
          v -> v.matches("0|0?\\.\\d{1,9}"),
          "Give a part of one below 1, for example %s 0.1; 0 for none");

  OptionValue PAIR =
      of(v -> v.indexOf('=') > 0, "Give a key and a value, for example %s cluster=local");

  /**
   * Refuses what is no such value.
   *
   * @param as how the user wrote the option
   */
  void check(String as, String value);

  /** The words that it is one of; empty where there are too many. */
  default List<String> choices() {
    return List.of();
  }

  /** A whole number. */
  static OptionValue number(int least, int most) {
    String range =
        most == Integer.MAX_VALUE ? "of at least " + least : "from " + least + " to " + most;
    return of(
        v -> v.matches("\\d{1,10}") && Long.parseLong(v) >= least && Long.parseLong(v) <= most,
        "Give a whole number " + range);
  }

  /** One of these in small letters. */
  static OptionValue oneOf(Enum<?>... values) {
    return oneOf(
        Stream.of(values).map(v -> v.name().toLowerCase(Locale.ROOT)).toArray(String[]::new));
  }

  /** One of these words. */
  static OptionValue oneOf(String... words) {
    return new OneOf(List.of(words));
  }

  /** What passes the test; the way out may say {@code %s} for the option. */
  private static OptionValue of(Predicate<String> test, String wayOut) {
    return (as, value) -> {
      if (!test.test(value)) {
        throw new UserError(as, "its value is \"" + value + "\"", wayOut.formatted(as));
      }
    };
  }

  /**
   * One of some words.
   *
   * @param choices the words
   */
  record OneOf(List<String> choices) implements OptionValue {
    @Override
    public void check(String as, String value) {
      if (!choices.contains(value)) {
        throw new UserError(
            as,
            "its value is \"" + value + "\", not one of " + String.join(", ", choices),
            Nearest.to(value, choices)
                .map(nearest -> "Write " + as + " " + nearest)
                .orElse("Choose one of them"));
      }
    }
  }
}
