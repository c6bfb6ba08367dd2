package dev.sweeprunner.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A sweep file. Its parameters have two readings: {@link #grid}, the pipeline's own, for the
 * built-in trainer, and {@link #space}, W&amp;B's, for a program. What only one of them needs is
 * read, and refused, when it is asked for.
 *
 * <p>Immutable; safe for all threads.
 */
public final class SweepFile {
  private static final String DEFAULT_NAME = "default";
  private static final String DEFAULT_PROJECT = "translation-compression";

  private final TopLevel top;
  private final String name;
  private final String project;
  private final @Nullable String entity;
  private final Lazy<Grid> grid;
  private final Lazy<CommandReader.Command> command;

  /** What the file's names say is read at once. */
  SweepFile(TopLevel top, Map<String, String> environment) {
    this.top = top;
    this.grid = new Lazy<>(top::grid);
    this.command = new Lazy<>(() -> CommandReader.read(top, environment));
    this.name = top.text("name", DEFAULT_NAME);
    this.project = top.text("project", DEFAULT_PROJECT);
    this.entity = top.text("entity");
  }

  /** The file as the user gave it. */
  public Path path() {
    return top.document().path();
  }

  /** Names the group folder; {@code default} where the file gives none. */
  public String name() {
    return name;
  }

  /** What the file says of itself; empty where it says nothing. */
  public String description() {
    return top.text("description", "");
  }

  /** Whether the file gives a name. */
  public boolean nameGiven() {
    return !top.text("name", "").isEmpty();
  }

  /** {@code translation-compression} where the file gives none. */
  public String project() {
    return project;
  }

  /** Whether the file gives a project. */
  public boolean projectGiven() {
    return top.text("project") != null;
  }

  /** W&amp;B entity, or null. */
  public @Nullable String entity() {
    return entity;
  }

  /** {@code grid}, {@code random}, {@code bayes} ...; {@code grid} where the file says nothing. */
  public String method() {
    return top.text("method", "grid");
  }

  /** What is said of a file that names no method; empty where it names one. */
  public Optional<String> noMethod() {
    return top.text("method", "").isEmpty()
        ? Optional.of(
            path()
                + ": no method is given, so it is taken as a grid; W&B would refuse the file. Write"
                + " method: grid")
        : Optional.empty();
  }

  /** The metric that W&amp;B would look at, or null where the file names none. */
  public @Nullable Metric metric() {
    return KeyNotes.metric(top);
  }

  /**
   * The base TOML as written in {@code command}, or null to start from the defaults.
   *
   * @throws dev.sweeprunner.problem.UserError if {@code command} is no list of words
   */
  public @Nullable Reference baseToml() {
    return command.get().baseToml();
  }

  /**
   * Dotted names of all parameters with their lines, as the built-in reading names them, in the
   * file's order; also of those whose values it cannot take. Empty without parameters.
   *
   * @throws dev.sweeprunner.problem.UserError for a key that is doubled or no string
   */
  public List<Reference> keys() {
    return LeafNames.of(top);
  }

  /**
   * The built-in trainer's reading: names in the file's order, values that are maps flattened.
   *
   * @throws dev.sweeprunner.problem.UserError with file and line for anything that is no such grid
   */
  public Grid grid() {
    return grid.get();
  }

  /**
   * W&amp;B's reading: a grid as its own code expands it, or points drawn at random.
   *
   * @throws dev.sweeprunner.problem.UserError with file and line for another method, a random one
   *     without a number of runs, and for parameters that the method cannot take
   */
  public PointSpace space(SpaceOptions options) {
    String seed = nameGiven() ? name : stem(path());
    return top.space(options, seed);
  }

  /** The file's name without its last extension. */
  static String stem(Path path) {
    String file = String.valueOf(path.getFileName());
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  /**
   * The words of {@code program} and {@code command}.
   *
   * @throws dev.sweeprunner.problem.UserError if they are no words
   */
  public Program program() {
    return ProgramReader.read(top);
  }

  /**
   * Names of what the built-in trainer does not use ({@code program}, the rest of {@code command},
   * {@code metric}, {@code early_terminate}, {@code run_cap} ...), in file order.
   */
  public List<String> unused() {
    return KeyNotes.unused(top, command.get().saysMore());
  }

  /** What is not used where a program runs, one line each with the reason, in file order. */
  public List<String> notes() {
    return KeyNotes.notes(top);
  }

  /** One line for each key that means nothing, with the nearest known one. */
  public List<String> unknown() {
    return KeyNotes.unknown(top);
  }

  /** Where the built-in trainer is in doubt: words of {@code command}, and {@link #unknown}. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>(command.get().warnings());
    warnings.addAll(unknown());
    return List.copyOf(warnings);
  }

  /** How many runs the file allows, if it says so. */
  public OptionalInt runCap() {
    return top.runCap();
  }

  /** A place in this file as errors name it. */
  public String at(int line) {
    return path() + ":" + line;
  }

  /**
   * A word that the file mentions.
   *
   * @param text as written
   * @param line where, from 1
   */
  public record Reference(String text, int line) {}

  /**
   * What starts a program, as the file has it: macros are not expanded, and what is no string is
   * what Python's {@code str} makes of it.
   *
   * @param program {@code program}, or null where the file gives none
   * @param command {@code command}, or null where the file gives none
   */
  public record Program(@Nullable Reference program, @Nullable List<Reference> command) {
    /** Copies the list. */
    public Program {
      command = command == null ? null : List.copyOf(command);
    }
  }
}
