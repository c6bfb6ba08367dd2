package dev.sweeprunner.cli.shell;

import dev.sweeprunner.cli.Mistakes;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.NextWord;
import dev.sweeprunner.options.Properties;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Captured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A shell that keeps what its lines ask for, and what it says of them. */
final class Typed implements Shell.Commands {
  static final Set<String> PROPERTIES = Properties.packed().names();

  final Captured printed = new Captured();
  final List<Invocation> carriedOut = new ArrayList<>();
  final Screen screen = new Screen(printed.out(), false, false, 120);
  final Mistakes mistakes =
      new Mistakes(printed.out(), path -> new UserError(path, "has no name", "Rename it"));

  /** What a command does. */
  Runnable during = () -> {};

  private final Invocation launch;

  Typed(String... launch) {
    this.launch = CommandLine.parse(launch, PROPERTIES);
  }

  Session session() {
    return new Session(this, launch, PROPERTIES, screen, mistakes);
  }

  Shell shell() {
    return new Shell(this, launch, PROPERTIES, screen, mistakes);
  }

  @Override
  public ExitCode carryOut(Invocation line) {
    if (line.sweeps().contains(Path.of("nope.yaml"))) {
      throw new UserError("nope.yaml", "there is no such sweep file", "Check the path");
    }
    if (line.command() != Invocation.Command.SWEEP) {
      carriedOut.add(line);
      during.run();
    }
    return ExitCode.DONE;
  }

  @Override
  public List<String> offers(NextWord.Wanted wanted, List<Path> sweeps) {
    return switch (wanted) {
      case RUN -> List.of("9f3c21aa", "11aa22bb");
      case FREEABLE_RUN -> List.of("11aa22bb");
      case KEY -> List.of("n_embd", "loss");
      case PAIR -> List.of("n_embd=16", "n_embd=32", "seed=1");
      case PATH, SWEEP -> List.of();
    };
  }
}
