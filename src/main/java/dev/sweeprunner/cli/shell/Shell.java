package dev.sweeprunner.cli.shell;

import dev.sweeprunner.cli.Mistakes;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.NextWord;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.judge.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.shell.core.ShellRunner;

/**
 * {@code shell}: a session over the same commands, in the grammar of the command line. At a
 * terminal it runs in a small Spring context of its own: no job repository, no port, no trainer.
 *
 * <p>Commands may also come through a pipe, one per line; then nothing asks for them. A session
 * without a terminal and without a single line has nobody to talk to and is refused.
 */
public final class Shell {
  private final Session session;

  /**
   * A session.
   *
   * @param launch what it was started with, its first sweeps among it
   * @param properties names of all properties, without their prefix
   * @param screen a live one for a person at a terminal
   * @param mistakes told line by line
   */
  public Shell(
      Commands commands,
      Invocation launch,
      Set<String> properties,
      Screen screen,
      Mistakes mistakes) {
    this.session = new Session(commands, launch, properties, screen, mistakes);
  }

  /** Carries out what lines ask for. */
  public interface Commands {
    /**
     * Does what one line asks for; of {@code sweep} only reads the files.
     *
     * @throws UserError for a user's mistake
     */
    ExitCode carryOut(Invocation line);

    /** What of these sweeps may stand in a line; nothing where they cannot be read. */
    List<String> offers(NextWord.Wanted wanted, List<Path> sweeps);
  }

  /** What ends a session, or one of its lines, from outside. Any thread. */
  public interface Stops {
    /** Whether the session is to end. */
    boolean requested();

    /** Runs this, in a thread of its own, once the session is to end. */
    void onStop(Runnable callback);

    /** Ends what the line that runs is doing. */
    void endLine();
  }

  /**
   * Talks with a person at a terminal until {@code exit}.
   *
   * @param history the file that keeps what was typed, over restarts
   * @return {@link ExitCode#DONE}
   */
  public ExitCode interactive(Stops stops, Path history) {
    try (ConfigurableApplicationContext context = start(stops, history)) {
      context.getBean(ShellRunner.class).run(new String[0]);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("The shell broke: " + Why.of(e), e);
    }
    return ExitCode.DONE;
  }

  private ConfigurableApplicationContext start(Stops stops, Path history) {
    return new SpringApplicationBuilder(ShellConfiguration.class)
        .web(WebApplicationType.NONE)
        .bannerMode(Banner.Mode.OFF)
        .logStartupInfo(false)
        .registerShutdownHook(false)
        .properties("logging.level.root=error")
        .initializers(
            context ->
                register(
                    (GenericApplicationContext) context,
                    session,
                    stops,
                    new History(Optional.of(history)),
                    ShellConfiguration::ofProcess))
        .run();
  }

  /**
   * Where what was typed is kept.
   *
   * @param file empty for nowhere
   */
  record History(Optional<Path> file) {}

  /** The beans that are not made by the context itself. */
  static void register(
      GenericApplicationContext context,
      Session session,
      Stops stops,
      History history,
      Supplier<Terminal> terminal) {
    context.registerBean(History.class, () -> history);
    context.registerBean(Session.class, () -> session);
    context.registerBean(Stops.class, () -> stops);
    context.registerBean(Terminal.class, terminal);
  }

  /**
   * Carries out the commands of a pipe, a line each, until its end or {@code exit}; empty lines and
   * comments are skipped. A mistake in one line does not keep the others from being carried out.
   *
   * @param lines the next line, or null at the end
   * @return {@link ExitCode#USAGE} if any line failed
   * @throws UserError if there is no line at all, and no stop that kept it from being read
   */
  public ExitCode piped(Supplier<@Nullable String> lines, Stops stops) {
    ExitCode code = ExitCode.DONE;
    boolean any = false;
    for (String line = lines.get(); line != null && !session.ended(); ) {
      any |= !line.isBlank();
      code = session.obey(line) ? code : ExitCode.USAGE;
      line = session.ended() ? null : lines.get();
    }
    if (!any && !stops.requested()) {
      throw new UserError(
          "shell",
          "there is no terminal, and no command came through the standard input",
          "Start it in a terminal, or write: printf 'status\\n' | sweep-runner shell --sweep PATH");
    }
    return code;
  }
}
