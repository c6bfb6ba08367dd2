package dev.sweeprunner.options;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.util.List;

/** Which values the options of the command line take. */
final class OptionValue {
  private static final int HIGHEST_PORT = 65_535;

  private OptionValue() {}

  /**
   * Checks one value.
   *
   * @param as how the user wrote the option
   */
  static void check(Option option, String as, String value) {
    switch (option) {
      case FORMAT -> oneOf(as, value, List.of("table", "json", "csv"));
      case WANDB -> oneOf(as, value, List.of("online", "offline", "disabled"));
      case WANDB_DOWN -> oneOf(as, value, List.of("closed", "home", "open"));
      case DEVICE -> device(as, value);
      case MAX_RUNS -> number(as, value, 1, Integer.MAX_VALUE);
      case PORT -> number(as, value, 0, HIGHEST_PORT);
      case WATCH -> watch(as, value);
      case SWEEP, CLUSTER, STORAGE, WORKER, ENTITY -> notEmpty(as, value);
      default -> {}
    }
  }

  private static void oneOf(String as, String value, List<String> words) {
    if (!words.contains(value)) {
      throw new UserError(
          as,
          "its value is \"" + value + "\", not one of " + String.join(", ", words),
          Nearest.to(value, words)
              .map(nearest -> "Write " + as + " " + nearest)
              .orElse("Choose one of them"));
    }
  }

  private static void device(String as, String value) {
    if (!value.matches("auto|cpu|cuda(:\\d{1,3})?")) {
      throw new UserError(as, "its value is \"" + value + "\"", "Choose auto, cpu, cuda or cuda:N");
    }
  }

  private static void number(String as, String value, int least, int most) {
    boolean fits = value.matches("\\d{1,10}");
    long number = fits ? Long.parseLong(value) : -1;
    if (!fits || number < least || number > most) {
      throw new UserError(
          as,
          "its value is \"" + value + "\"",
          most == Integer.MAX_VALUE
              ? "Give a whole number of at least " + least
              : "Give a whole number from " + least + " to " + most);
    }
  }

  private static void watch(String as, String value) {
    if (!value.isEmpty() && Seconds.parse(value).isEmpty()) {
      throw new UserError(
          as, "its value is \"" + value + "\"", "Give seconds, for example " + as + "=5");
    }
  }

  private static void notEmpty(String as, String value) {
    if (value.isEmpty()) {
      throw new UserError(as, "its value is empty", "Give a value or drop it");
    }
  }
}
