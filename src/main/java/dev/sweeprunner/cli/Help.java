package dev.sweeprunner.cli;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code help} and {@code version}, by the tables of commands and options. */
public final class Help {
  private static final String PAGE =
      """
      Sweep Runner: every point of a W&B grid sweep once, resumed where it stopped.
      sweep-runner [COMMAND] [OPTIONS]       --x V or --x=V; no command means run
      Commands
      %sWhich sweeps, and where
      %sHow to run
      %sW&B
      %sWhat is printed
      %sscale: --once, --profiles FILE or --partition P --gpus G --limit N --sbatch FLAGS
      Any property of application.yml is an option too: --claim.expiry 5m
      Exit: 0 all finished, 1 all ended but some bad, 2 usage, 3 idle, 4 sick node, 75 stopped
      """;

  private static final String OTHERS =
      """

      %sAny property is an option: --claim.expiry 5m
      """;

  private final PrintStream out;

  /** Help that is printed to {@code out}. */
  public Help(PrintStream out) {
    this.out = out;
  }

  /** One screen: commands, options, exit codes. */
  public ExitCode help() {
    out.print(
        PAGE.formatted(
            EnumSet.range(Command.RUN, Command.HELP).stream()
                .map(command -> line(command.usage(), command.help()))
                .collect(Collectors.joining()),
            options(Option.SWEEP, Option.WORKER),
            options(Option.DEVICE, Option.DEBUG),
            options(Option.WANDB, Option.REFRESH),
            options(Option.FORMAT, Option.WATCH)));
    out.flush();
    return ExitCode.DONE;
  }

  /** One command: how it is written, its options, an example. */
  public ExitCode help(Command command) {
    String program = command.onlyInShell() ? "" : "sweep-runner ";
    String options =
        Stream.of(Option.values())
            .filter(option -> option.concerns(command) && !option.help().isEmpty())
            .map(option -> line(option.usage(), option.help()))
            .collect(Collectors.joining());
    String others =
        OTHERS.formatted(command == Command.RUN ? "" : "Options of run may stand here too. ");
    out.println(program + command.usage() + (options.isEmpty() ? "" : " [OPTIONS]"));
    out.println("  " + command.help());
    out.print(options.isEmpty() ? "" : "\n" + options + others);
    out.println("\nExample: " + program + command.example());
    out.flush();
    return ExitCode.DONE;
  }

  private static String options(Option first, Option last) {
    return EnumSet.range(first, last).stream()
        .filter(option -> !option.help().isEmpty())
        .map(option -> line(option.usage(), option.help()))
        .collect(Collectors.joining());
  }

  private static String line(String usage, String help) {
    return "  %-22s %s".formatted(usage, help).stripTrailing() + "\n";
  }

  /**
   * Which program this is.
   *
   * @param version of this build
   * @param java what it runs on
   */
  public ExitCode version(String version, String java) {
    out.println("sweep-runner " + version + " (Java " + java + ")");
    out.flush();
    return ExitCode.DONE;
  }
}
