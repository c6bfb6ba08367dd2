package dev.sweeprunner.app;

import dev.sweeprunner.cli.shell.Shell;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The command {@code shell}: the commands that only look, and {@code reset}, in one session. */
final class ShellMode {
  private final ObjectGraph graph;
  private final Signals signals;
  private final Console console;
  private final Path workingDirectory;

  ShellMode(ObjectGraph graph, Signals signals, Console console, Path workingDirectory) {
    this.graph = graph;
    this.signals = signals;
    this.console = console;
    this.workingDirectory = workingDirectory;
  }

  /** Talks with a person at a terminal, or carries out what comes through a pipe. */
  ExitCode run(Invocation invocation, boolean terminal) {
    Shell shell = new Shell(this::look, invocation.sweeps(), console.screen());
    if (terminal) {
      return shell.interactive();
    }
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    return shell.piped(() -> next(lines));
  }

  private ExitCode look(Invocation invocation) {
    // At its prompt the shell keeps the signal of a changed size for itself.
    console.resized();
    Sweeps sweeps = Sweeps.load(invocation.sweeps(), workingDirectory, graph, console::note);
    return new LookMode(invocation, graph, signals, console).run(sweeps);
  }

  private static @Nullable String next(BufferedReader lines) {
    try {
      return lines.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
