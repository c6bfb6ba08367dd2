package dev.sweeprunner.app;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who trains the points of a sweep: the built-in trainer where every parameter is one of its
 * settings, else the program that the file names; or whom the user wants.
 *
 * @param wish {@code auto}, {@code builtin} or {@code program}
 * @param space how a program's points are read
 */
record TrainerChoice(String wish, SpaceOptions space) {
  private static final String BUILTIN = "builtin";
  private static final String PROGRAM = "program";

  /**
   * The points of a sweep, by whoever trains them.
   *
   * @param why one sentence for the user
   */
  record Chosen(Points points, String why) {}

  /**
   * Chooses, and makes the points.
   *
   * @throws UserError where neither can train them
   */
  Chosen of(SweepFile sweep, Places places) {
    Optional<Points.Misfit> misfit = Points.misfit(sweep);
    if (wish.equals(BUILTIN)) {
      return new Chosen(Points.of(sweep, places), "the built-in one, as --trainer says");
    }
    if (wish.equals(PROGRAM)) {
      return new Chosen(program(sweep, places, misfit), program(sweep) + ", as --trainer says");
    }
    if (misfit.isEmpty()) {
      return new Chosen(
          Points.of(sweep, places), "the built-in one: every parameter is one of its settings");
    }
    if (!named(sweep) || misspelt(sweep, misfit.get())) {
      throw neither(misfit.get(), named(sweep));
    }
    String near = misfit.get().nearest().map(key -> " (nearest: " + key + ")").orElse("");
    return new Chosen(
        Points.ofProgram(sweep, sweep.space(space)),
        program(sweep) + ": " + misfit.get().key() + " is no setting of the built-in one" + near);
  }

  /** With the pipeline's settings a program trains runs that have the pipeline's names. */
  private Points program(SweepFile sweep, Places places, Optional<Points.Misfit> misfit) {
    if (!named(sweep)) {
      throw new UserError(
          sweep.path().toString(),
          "it names no program for --trainer program",
          "Write program: train.py, or a command");
    }
    return misfit.isEmpty() && sweep.method().equals("grid")
        ? Points.of(sweep, places).forProgram()
        : Points.ofProgram(sweep, sweep.space(space));
  }

  /** A command that begins with an option has words for a program, and none of its own. */
  private static boolean named(SweepFile sweep) {
    List<SweepFile.Reference> command = sweep.program().command();
    return sweep.program().program() != null
        || (command != null && !command.isEmpty() && !command.get(0).text().startsWith("-"));
  }

  /** Whoever names a base TOML and one of the pipeline's sections means the pipeline. */
  private static boolean misspelt(SweepFile sweep, Points.Misfit misfit) {
    return misfit.ofSection() && sweep.baseToml() != null;
  }

  private static String program(SweepFile sweep) {
    SweepFile.Reference program = sweep.program().program();
    return program == null ? "the file's command" : "the program " + program.text();
  }

  private static UserError neither(Points.Misfit misfit, boolean named) {
    String program =
        named ? "say --trainer program" : "name the program that takes it: program: train.py";
    return new UserError(
        misfit.where(),
        misfit.key() + " is no setting of a run" + (named ? "" : ", and the file names no program"),
        misfit
            .nearest()
            .map(key -> "Did you mean " + key + "? Or " + program)
            .orElse(program.substring(0, 1).toUpperCase(Locale.ROOT) + program.substring(1)));
  }
}
