package dev.sweeprunner.cli.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.shell.core.ShellRunner;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandParser;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.core.command.ExitStatus;
import org.springframework.shell.core.command.ParsedInput;
import org.springframework.shell.jline.JLineInputProvider;
import org.springframework.shell.jline.JLineShellRunner;
import org.springframework.shell.jline.PromptProvider;

/**
 * The small context of the shell: Spring Shell's runner, prompt and registry. Its own parser drops
 * what a command does not declare, so each line comes whole to one command, and the grammar of the
 * command line reads it.
 */
@Configuration(proxyBeanMethods = false)
class ShellConfiguration {
  private static final String LINE = "line";

  /** The terminal of this process. */
  static Terminal ofProcess() {
    try {
      return TerminalBuilder.builder().systemOutput(TerminalBuilder.SystemOutput.SysOut).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Bean
  LineReader lineReader(
      Terminal terminal, Session session, Shell.Stops stops, Shell.History history) {
    session.around(drawing -> () -> new QuitKey(terminal, stops).during(drawing));
    // While a command runs; at the prompt the reader takes Ctrl-C for itself.
    terminal.handle(
        Terminal.Signal.INT,
        signal -> {
          terminal.writer().println();
          terminal.flush();
          stops.endLine();
        });
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("sweep-runner")
            .parser(new DefaultParser())
            .completer(new ShellCompleter(session))
            .history(new KeptHistory())
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    history.file().ifPresent(file -> reader.setVariable(LineReader.HISTORY_FILE, file));
    return reader;
  }

  @Bean
  PromptProvider prompt(Session session) {
    return () -> new AttributedString(session.prompt());
  }

  @Bean
  JLineInputProvider input(
      LineReader reader, PromptProvider prompt, Session session, Shell.Stops stops) {
    JLineInputProvider input = new PatientInput(reader, session, stops);
    input.setPromptProvider(prompt);
    return input;
  }

  @Bean
  CommandRegistry commandRegistry(Session session) {
    return new CommandRegistry(new HashSet<>(Set.of(new Line(session))));
  }

  @Bean
  CommandParser commandParser() {
    return line ->
        ParsedInput.builder().commandName(LINE).addArgument(new CommandArgument(0, line)).build();
  }

  @Bean
  ShellRunner shellRunner(
      JLineInputProvider input, CommandParser parser, CommandRegistry commands) {
    return new JLineShellRunner(input, parser, commands);
  }

  /** Whatever is typed. */
  private record Line(Session session) implements Command {
    @Override
    public String getName() {
      return LINE;
    }

    @Override
    public ExitStatus execute(CommandContext context) {
      session.obey(context.parsedInput().arguments().get(0).value());
      return ExitStatus.OK;
    }
  }
}
