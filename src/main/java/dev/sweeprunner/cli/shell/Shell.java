package dev.sweeprunner.cli.shell;

import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.ExitCode;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.support.CommandFactoryBean;

/**
 * {@code shell}: an interactive session over the same commands, in a small Spring context of its
 * own: no job repository, no port, no trainer.
 *
 * <p>Commands may also come through a pipe, one per line; then nothing asks for them. A session
 * without a terminal and without a single line has nobody to talk to and is refused.
 */
public final class Shell {
  /** Of the context: interactive, and no file left in the working directory. */
  static final Map<String, Object> SETTINGS =
      Map.of(
          "spring.shell.interactive.enabled", "true",
          "spring.shell.history.enabled", "false",
          "spring.shell.command.history.enabled", "false",
          "spring.shell.command.script.enabled", "false",
          "spring.shell.command.version.enabled", "false",
          "spring.shell.context.close", "true",
          "spring.autoconfigure.exclude", "",
          "logging.level.root", "error");

  private final Consumer<Invocation> carryOut;
  private final List<Path> sweeps;
  private final Screen screen;

  /**
   * A session.
   *
   * @param sweeps those to start with; may be empty
   * @param screen a live one for a person at a terminal
   */
  public Shell(Consumer<Invocation> carryOut, List<Path> sweeps, Screen screen) {
    this.carryOut = carryOut;
    this.sweeps = List.copyOf(sweeps);
    this.screen = screen;
  }

  /**
   * Talks with a person at a terminal until {@code exit}.
   *
   * @return {@link ExitCode#DONE}
   */
  public ExitCode interactive() {
    ShellCommands commands = new ShellCommands(carryOut, sweeps, screen);
    new SpringApplicationBuilder(ShellConfiguration.class)
        .web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF)
        .logStartupInfo(false)
        .registerShutdownHook(false)
        .properties(SETTINGS)
        .initializers(context -> register((GenericApplicationContext) context, commands))
        .run()
        .close();
    return ExitCode.DONE;
  }

  /**
   * Carries out the commands of a pipe, a line each, until its end or {@code exit}; empty lines and
   * those that begin with # are skipped. A mistake in one line does not keep the others from being
   * carried out.
   *
   * @param lines the next line, or null at the end
   * @return {@link ExitCode#USAGE} if any line failed
   * @throws UserError if there is no line at all
   */
  public ExitCode piped(Supplier<@Nullable String> lines) {
    ShellCommands commands = new ShellCommands(carryOut, sweeps, screen);
    ShellScript script = new ShellScript(commands, screen);
    return script.run(lines);
  }

  /** Makes a bean of each command. */
  static void register(GenericApplicationContext context, ShellCommands commands) {
    context.registerBean(ShellCommands.class, () -> commands);
    for (Method method : ShellCommands.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Command.class)) {
        context.registerBean(
            "shell-" + method.getName(),
            CommandFactoryBean.class,
            () -> new CommandFactoryBean(method));
      }
    }
  }
}
