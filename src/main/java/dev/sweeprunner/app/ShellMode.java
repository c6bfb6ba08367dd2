package dev.sweeprunner.app;

import dev.sweeprunner.cli.Mistakes;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.cli.SweepOffers;
import dev.sweeprunner.cli.shell.Shell;
import dev.sweeprunner.host.Signals;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.NextWord;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code shell}: all commands but {@code run}, in one session. Every line has settings
 * of its own, as a command line has, and can be stopped alone.
 */
final class ShellMode implements Shell.Commands, Shell.Stops {
  private final BiFunction<Invocation, Signals, ExitCode> carryOut;
  private final SweepOffers offers;
  private final Path history;
  private final Signals signals;
  private final Mistakes mistakes;

  /**
   * A shell.
   *
   * @param carryOut does what a line asks for, until it is to stop
   * @param offers what TAB offers of sweeps
   * @param history the file of what was typed
   */
  ShellMode(
      BiFunction<Invocation, Signals, ExitCode> carryOut,
      SweepOffers offers,
      Path history,
      Signals signals,
      Mistakes mistakes) {
    this.carryOut = carryOut;
    this.offers = offers;
    this.history = history;
    this.signals = signals;
    this.mistakes = mistakes;
  }

  /** Talks with a person at a terminal, or carries out what comes through a pipe. */
  ExitCode run(Invocation launch, Set<String> properties, Screen screen, boolean terminal) {
    Shell shell = new Shell(this, launch, properties, screen, mistakes);
    ExitCode code = terminal ? shell.interactive(this, history) : shell.piped(lines(), this);
    return signals.requested() ? ExitCode.STOPPED : code;
  }

  @Override
  public ExitCode carryOut(Invocation line) {
    return carryOut.apply(line, signals.begin());
  }

  @Override
  public List<String> offers(NextWord.Wanted wanted, List<Path> sweeps) {
    return offers.of(wanted, sweeps);
  }

  @Override
  public boolean requested() {
    return signals.requested();
  }

  @Override
  public void onStop(Runnable callback) {
    signals.onStop(callback);
  }

  @Override
  public void endLine() {
    signals.interrupt("Ctrl-C");
  }

  /** Lines of standard input; read in a thread of its own, for no signal ends a read. */
  private Supplier<@Nullable String> lines() {
    BlockingQueue<Optional<String>> read = new ArrayBlockingQueue<>(1);
    Thread reader = new Thread(() -> read(read), "standard-input");
    reader.setDaemon(true);
    reader.start();
    signals.onStop(() -> read.offer(Optional.empty()));
    return () -> next(read);
  }

  private @Nullable String next(BlockingQueue<Optional<String>> read) {
    try {
      return signals.requested() ? null : read.take().orElse(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static void read(BlockingQueue<Optional<String>> into) {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
        into.put(line);
      }
      into.put(Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty at the end, and where nothing can be read any more. */
  private static Optional<String> next(BufferedReader lines) {
    try {
      return Optional.ofNullable(lines.readLine());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
