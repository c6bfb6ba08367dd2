package dev.sweeprunner.cli;

import dev.sweeprunner.problem.ShellWord;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command as a person pastes it into a shell. */
final class ShellLine {
  private ShellLine() {}

  /**
   * The line.
   *
   * @param without variables that the command must not see
   */
  static String of(List<String> without, List<String> words) {
    Stream<String> env =
        without.isEmpty()
            ? Stream.of()
            : Stream.concat(
                Stream.of("env"), without.stream().flatMap(name -> Stream.of("-u", name)));
    return Stream.concat(env, words.stream()).map(ShellWord::of).collect(Collectors.joining(" "));
  }
}
