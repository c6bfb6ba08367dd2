package dev.sweeprunner.cli.shell;

import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Arguments;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;

/**
 * The commands of the shell. Each becomes the same invocation that the command line would give, so
 * that both check alike. Remembers which sweeps the session is about; belongs to one thread.
 */
class ShellCommands {
  private static final String GROUP = "Sweep Runner";

  private final Consumer<Invocation> carryOut;
  private final Screen screen;
  private final List<Path> sweeps;

  ShellCommands(Consumer<Invocation> carryOut, List<Path> sweeps, Screen screen) {
    this.carryOut = carryOut;
    this.sweeps = new ArrayList<>(sweeps);
    this.screen = screen;
  }

  /** The sweeps that the session is about. */
  List<Path> sweeps() {
    return sweeps;
  }

  /** Where every point stands. */
  @Command(name = "status", group = GROUP, description = "Where every point stands")
  public void status(
      @Option(longName = "format", description = "table, json or csv", defaultValue = "table")
          String format) {
    carryOut(List.of("status", "--format", format));
  }

  /** What a worker would do next, or what a changed file changes. */
  @Command(
      name = "plan",
      group = GROUP,
      description = "What a worker would do next, and why; or: plan OLD NEW")
  public void plan(@Arguments String[] files) {
    List<String> words = new ArrayList<>(List.of("plan"));
    words.addAll(List.of(files));
    carryOut(words);
  }

  /** Whether everything on disk is there, whole and once. */
  @Command(
      name = "audit",
      group = GROUP,
      description = "Whether all on disk is there, whole and once")
  public void audit(
      @Option(longName = "format", description = "table, json or csv", defaultValue = "table")
          String format,
      @Option(longName = "quick", description = "compare sizes alone") boolean quick) {
    List<String> words = new ArrayList<>(List.of("audit", "--format", format));
    if (quick) {
      words.add("--quick");
    }
    carryOut(words);
  }

  /** Everything about one run. */
  @Command(name = "explain", group = GROUP, description = "All facts about one run: explain RUN_ID")
  public void explain(
      @Argument(index = 0, description = "the run id", defaultValue = "") String runId) {
    carryOut(runId.isBlank() ? List.of("explain") : List.of("explain", runId));
  }

  /** Frees runs. */
  @Command(name = "reset", group = GROUP, description = "Free given-up runs: reset RUN_ID...")
  public void reset(@Arguments String[] runIds) {
    List<String> words = new ArrayList<>(List.of("reset"));
    words.addAll(List.of(runIds));
    carryOut(words);
  }

  /** Chooses the sweeps that the session is about, or tells them. */
  @Command(name = "sweep", group = GROUP, description = "Choose the sweep file: sweep PATH...")
  public void sweep(@Arguments String[] paths) {
    if (paths.length > 0) {
      sweeps.clear();
      for (String path : paths) {
        sweeps.add(Path.of(path));
      }
    }
    screen
        .out()
        .println(
            sweeps.isEmpty()
                ? "No sweep is chosen; write sweep PATH."
                : "Sweeps: " + String.join(", ", sweeps.stream().map(Path::toString).toList()));
    screen.out().flush();
  }

  /** Carries out one command; a user's mistake is told, and the session goes on. */
  boolean carryOut(List<String> words) {
    List<String> args = new ArrayList<>(words);
    boolean compares = words.get(0).equals("plan") && words.size() > 1;
    for (Path sweep : compares ? List.<Path>of() : sweeps) {
      args.add("--sweep=" + sweep);
    }
    try {
      carryOut.accept(CommandLine.parse(args.toArray(String[]::new), Set.of()));
      return true;
    } catch (UserError mistake) {
      screen.out().println(mistake.getMessage());
      screen.out().flush();
      return false;
    }
  }
}
