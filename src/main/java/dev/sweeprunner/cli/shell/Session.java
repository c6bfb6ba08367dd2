package dev.sweeprunner.cli.shell;

import dev.sweeprunner.cli.Mistakes;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.NextWord;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.run.judge.ExitCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One session of the shell: each line is read by the grammar of the command line, with what the
 * session was started with and the sweeps that it is about where the line says nothing of them. A
 * mistake is told, and the session goes on. Belongs to one thread.
 */
final class Session {
  private final Shell.Commands commands;
  private final Set<String> properties;
  private final Screen screen;
  private final Mistakes mistakes;

  private Invocation settled;
  private UnaryOperator<Supplier<ExitCode>> drawing = UnaryOperator.identity();
  private boolean ended;

  /**
   * A session.
   *
   * @param launch what the shell was started with
   * @param properties names of all properties, without their prefix
   */
  Session(
      Shell.Commands commands,
      Invocation launch,
      Set<String> properties,
      Screen screen,
      Mistakes mistakes) {
    this.commands = commands;
    this.settled = launch.about(distinct(launch.sweeps()));
    this.properties = properties;
    this.screen = screen;
    this.mistakes = mistakes;
  }

  /** Whether it was asked to end. */
  boolean ended() {
    return ended;
  }

  /** What stands before a line: the first sweep's name, and how many more there are. */
  String prompt() {
    List<Path> sweeps = settled.sweeps();
    Path name = sweeps.isEmpty() ? null : sweeps.get(0).getFileName();
    if (name == null) {
      return "sweep-runner> ";
    }
    String more = sweeps.size() == 1 ? "" : " +" + (sweeps.size() - 1);
    return name.toString().replaceFirst("\\.ya?ml$", "") + more + "> ";
  }

  /**
   * Carries out one line; of several that were pasted together each by itself.
   *
   * @return whether all of it was understood and could be done
   */
  boolean obey(String text) {
    boolean all = true;
    for (String line : text.lines().toList()) {
      all &= ended || obeyLine(line);
    }
    return all;
  }

  private boolean obeyLine(String line) {
    boolean[] answered = new boolean[1];
    boolean debug =
        settled.has(Option.DEBUG) || List.of(line.split("\\s+")).contains(Option.DEBUG.dashed());
    ExitCode code =
        mistakes.told(
            debug,
            () -> {
              ExitCode of = carryOut(Words.of(line));
              answered[0] = true;
              return of;
            });
    screen.out().flush();
    return answered[0] && code != ExitCode.USAGE;
  }

  private ExitCode carryOut(List<String> words) {
    if (words.isEmpty()) {
      return ExitCode.DONE;
    }
    Invocation line = CommandLine.parse(words.toArray(String[]::new), properties, settled);
    return switch (line.command()) {
      case EXIT, QUIT -> {
        ended = true;
        yield ExitCode.DONE;
      }
      case SWEEP -> sweep(line);
      default -> {
        Supplier<ExitCode> work = () -> commands.carryOut(line);
        yield (line.watch().isPresent() ? drawing.apply(work) : work).get();
      }
    };
  }

  private ExitCode sweep(Invocation line) {
    if (!line.sweeps().isEmpty()) {
      ExitCode read = commands.carryOut(line);
      if (read != ExitCode.DONE) {
        return read;
      }
      settled = settled.about(distinct(line.sweeps()));
    }
    List<String> names = settled.sweeps().stream().map(Path::toString).toList();
    screen
        .out()
        .println(
            names.isEmpty()
                ? "No sweep is chosen; write sweep PATH."
                : "Sweeps: " + String.join(", ", names));
    return ExitCode.DONE;
  }

  /** What may follow these words. */
  NextWord next(List<String> before, String begun) {
    return NextWord.after(before, begun, properties);
  }

  /** What of the chosen sweeps may stand there; nothing where they cannot be read. */
  List<String> offers(NextWord.Wanted wanted) {
    return commands.offers(wanted, settled.sweeps());
  }

  /** Puts this around what is drawn again and again. */
  void around(UnaryOperator<Supplier<ExitCode>> keys) {
    drawing = keys;
  }

  private static List<Path> distinct(List<Path> paths) {
    Map<Path, Path> all = new LinkedHashMap<>();
    paths.forEach(path -> all.putIfAbsent(path.toAbsolutePath().normalize(), path));
    return List.copyOf(all.values());
  }
}
