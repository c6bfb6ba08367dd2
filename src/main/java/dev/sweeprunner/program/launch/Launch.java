package dev.sweeprunner.program.launch;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Prepares one start of a program: the words and the environment that the official agent would give
 * it, and what is added here. Starts nothing; any thread.
 */
public final class Launch {
  private final FileSystem files;

  /** Parameter files are written through {@code files}. */
  public Launch(FileSystem files) {
    this.files = files;
  }

  /**
   * One start, ready for exec.
   *
   * @param argv at least one word; a program that does not exist is for exec to find
   * @param environment all variables of the program, not only those that are added
   * @param folder the working directory
   * @param notes what the user should know once, each a sentence with its full stop
   */
  public record Start(
      List<String> argv, Map<String, String> environment, Path folder, List<String> notes) {}

  /**
   * Fills in the command, puts the environment together, and writes the parameter files where they
   * are missing or different. Asked twice, it gives the same; a crash may leave half a file, which
   * the next start mends.
   *
   * @throws UserError if the command asks for a program that the sweep file does not name, or
   *     nothing of it is left
   * @throws IOException if a parameter file cannot be written
   */
  public Start start(LaunchOrder order) throws IOException {
    ParameterFiles parameters = ParameterFiles.of(order);
    ProgramEnvironment environment = new ProgramEnvironment(order, parameters);
    Macros macros = new Macros(order, parameters.json());
    List<String> argv = macros.expand(order.words(), environment.variables());
    parameters.write(order, files);
    List<String> notes = new ArrayList<>(environment.notes());
    notes.addAll(macros.notes());
    return new Start(
        List.copyOf(argv), environment.variables(), order.place().folder(), List.copyOf(notes));
  }
}
