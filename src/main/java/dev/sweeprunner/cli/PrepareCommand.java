package dev.sweeprunner.cli;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.judge.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * {@code prepare FILE...}: has token files made of texts, says how far it is, and at its end what a
 * config is to say so that they are read.
 */
public final class PrepareCommand {
  private static final long REDRAWN_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PRINTED_NANOS = Duration.ofSeconds(10).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MEGA = 1e6;

  private final Clock clock;
  private final StopSignal stop;
  private final Screen screen;

  /** A command that gives up when a stop is requested. */
  public PrepareCommand(Clock clock, StopSignal stop, Screen screen) {
    this.clock = clock;
    this.stop = stop;
    this.screen = screen;
  }

  /** What makes the files. */
  public interface Work {
    /**
     * Makes them.
     *
     * @param progress is to be told how many bytes of the texts are done; may throw
     */
    Made make(LongConsumer progress);
  }

  /**
   * What was made.
   *
   * @param folder that holds it
   * @param training tokens to train on
   * @param validation tokens kept for validation
   * @param shards files of both
   * @param vocabulary how many different tokens there are
   */
  public record Made(Path folder, long training, long validation, int shards, int vocabulary) {}

  /**
   * Makes the files.
   *
   * @param bytes of all texts
   */
  public ExitCode run(Work work, long bytes) {
    Meter meter = new Meter(bytes);
    try {
      Made made = work.make(meter);
      meter.wipe();
      tell(made, meter.seconds());
      return ExitCode.DONE;
    } catch (Stopped stopped) {
      meter.wipe();
      screen.out().println("Stopped on " + stopped.getMessage() + ": nothing was made.");
      return ExitCode.STOPPED;
    } catch (UserError refused) {
      meter.wipe();
      throw refused;
    } finally {
      screen.out().flush();
    }
  }

  private void tell(Made made, double seconds) {
    screen
        .out()
        .printf(
            Locale.ROOT,
            "%s: %,d tokens to train on, %,d for validation, in %s; %.1f s%n",
            made.folder,
            made.training,
            made.validation,
            HumanFormat.plural(made.shards, "file"),
            seconds);
    screen.out().println("A token is a byte of the text. In the TOML of a sweep:");
    screen.out().println();
    screen.out().println("[data]");
    screen.out().println("train_bin = \"" + made.folder.resolve("train_*.bin") + "\"");
    if (made.validation > 0) {
      screen.out().println("val_bin = \"" + made.folder.resolve("val_*.bin") + "\"");
    }
    screen.out().println();
    screen.out().println("[model]");
    screen.out().println("vocab_size = " + made.vocabulary);
  }

  /** Tells now and then how far it is: on a terminal in one line that is redrawn. */
  private final class Meter implements LongConsumer {
    private final long whole;
    private final long began = clock.nanos();
    private long told = began;
    private boolean shown;

    Meter(long whole) {
      this.whole = whole;
    }

    double seconds() {
      return (clock.nanos() - began) / NANOS_PER_SECOND;
    }

    @Override
    public void accept(long done) {
      if (stop.requested()) {
        throw new Stopped(stop.reason().orElse(""));
      }
      long now = clock.nanos();
      if (now - told < (screen.live() ? REDRAWN_NANOS : PRINTED_NANOS)) {
        return;
      }
      told = now;
      double rate = done / seconds();
      String left = HumanFormat.time(Duration.ofSeconds((long) Math.ceil((whole - done) / rate)));
      String line =
          String.format(
              Locale.ROOT,
              "%.0f of %.0f MB, %.0f MB/s, %s left",
              done / MEGA,
              whole / MEGA,
              rate / MEGA,
              left);
      if (screen.live()) {
        screen.raw().print("\r" + line + "\u001B[K");
        screen.raw().flush();
        shown = true;
      } else {
        screen.out().println(line);
      }
    }

    void wipe() {
      if (shown) {
        screen.raw().print("\r\u001B[K");
        screen.raw().flush();
      }
    }
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped(String reason) {
      super(reason);
    }
  }
}
