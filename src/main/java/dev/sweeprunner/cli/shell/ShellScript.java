package dev.sweeprunner.cli.shell;

import dev.sweeprunner.cli.Help;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.ExitCode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The shell's commands from a pipe: the same words, a line each, without a prompt. */
final class ShellScript {
  private final ShellCommands commands;
  private final Screen screen;

  ShellScript(ShellCommands commands, Screen screen) {
    this.commands = commands;
    this.screen = screen;
  }

  /** As {@link Shell#piped} says. */
  ExitCode run(Supplier<@Nullable String> lines) {
    ExitCode code = ExitCode.DONE;
    boolean any = false;
    for (String line = lines.get(); line != null; line = lines.get()) {
      String text = line.strip();
      any |= !text.isEmpty();
      if (text.equals("exit") || text.equals("quit")) {
        break;
      }
      if (!text.isEmpty() && !text.startsWith("#") && !carryOut(text)) {
        code = ExitCode.USAGE;
      }
    }
    if (!any) {
      throw new UserError(
          "shell",
          "there is no terminal, and no command came through the standard input",
          "Start it in a terminal, or write: printf 'status\\n' | sweep-runner shell --sweep PATH");
    }
    return code;
  }

  private boolean carryOut(String text) {
    List<String> words = Arrays.asList(text.split("\\s+"));
    switch (words.get(0)) {
      case "sweep" -> {
        commands.sweep(words.subList(1, words.size()).toArray(String[]::new));
        return true;
      }
      case "help" -> {
        new Help(screen.out()).help();
        return true;
      }
      case "status", "plan", "explain", "audit", "reset" -> {
        return commands.carryOut(words);
      }
      default -> {
        screen
            .out()
            .println(
                words.get(0)
                    + ": the shell knows status, plan, explain, audit, reset, sweep, help and"
                    + " exit.");
        return false;
      }
    }
  }
}
