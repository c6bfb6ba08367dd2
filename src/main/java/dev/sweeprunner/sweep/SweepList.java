package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A file that names sweep files, one a line, the most wanted first; {@code #} begins a comment. A
 * relative name begins at the folder of the list, so that it means the same to all who read it.
 */
public final class SweepList {
  private SweepList() {}

  /**
   * The sweep files as the list names them now.
   *
   * @param path of a word that the user wrote for one, {@code ~/} included
   * @throws UserError if it cannot be read or names none
   */
  public static List<Path> read(Path list, Function<String, Path> path) {
    List<Path> named = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(list)) {
        String name = line.replaceFirst("(^|\\s)#.*", "").strip();
        if (!name.isEmpty()) {
          named.add(list.resolveSibling(path.apply(name)));
        }
      }
    } catch (IOException e) {
      throw new UserError(
          list.toString(),
          "the list of sweeps cannot be read: " + Why.of(e),
          "Write the paths of sweep files into it, one a line",
          e);
    }
    if (named.isEmpty()) {
      throw new UserError(
          list.toString(),
          "the list names no sweep file",
          "Write the paths of sweep files into it, one a line");
    }
    return List.copyOf(named);
  }
}
