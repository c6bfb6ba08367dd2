package dev.sweeprunner.run;

import java.time.Duration;
import java.util.function.Consumer;

/** Carries out {@code wandb-check}: whoever speaks to W&amp;B. */
public interface ServerCheck {
  /** Name of the project in which the runs of the check are made, and stay. */
  String project();

  /**
   * Looks at every behaviour, once.
   *
   * @param heard told each finding as soon as it is known
   * @throws dev.sweeprunner.problem.UserError if W&amp;B cannot be used, or fell silent on the way
   */
  void check(Consumer<Finding> heard);

  /**
   * What was seen of one behaviour.
   *
   * @param relied what this program rests on
   * @param seen what was seen
   * @param verdict whether they agree
   * @param took how long the look took
   */
  record Finding(String relied, String seen, Verdict verdict, Duration took) {}

  /** Whether W&amp;B does what is relied on. */
  enum Verdict {
    /** It does. */
    OK("ok"),
    /** It does something else. */
    DIFFERENT("DIFFERENT"),
    /** Nobody looked, or nobody answered. */
    UNSEEN("not seen");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
