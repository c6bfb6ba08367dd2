package dev.sweeprunner.options;

import dev.sweeprunner.run.judge.State;
import java.util.List;
import java.util.stream.Stream;

/** One or more states, parted by commas; {@code not-ours} is what people read for one of them. */
final class StateWords implements OptionValue {
  private static final List<String> WORDS =
      Stream.of(State.values())
          .flatMap(state -> Stream.of(state.word(), state.shown()))
          .distinct()
          .toList();

  /** Whether this is a state, or some of them. */
  static boolean are(String value) {
    return Stream.of(value.split(",", -1)).allMatch(WORDS::contains);
  }

  @Override
  public void check(String as, String value) {
    for (String word : value.split(",", -1)) {
      new OneOf(WORDS).check(as, word);
    }
  }

  @Override
  public List<String> choices() {
    return WORDS;
  }
}
