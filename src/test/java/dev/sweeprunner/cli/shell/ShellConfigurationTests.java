package dev.sweeprunner.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.testkit.Captured;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.shell.core.InputReader;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandExecutor;
import org.springframework.shell.core.command.CommandParser;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.jline.PromptProvider;

/** Spring Shell's own executor and registry over a session, without a terminal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShellConfigurationTests {
  private final Typed typed = new Typed("shell", "--sweep", "sweeps/a.yaml");
  private final Captured printed = typed.printed;
  private final List<Invocation> carriedOut = typed.carriedOut;
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  @BeforeAll
  void start() {
    Shell.register(
        context,
        typed.session(),
        new NeverStops(),
        new Shell.History(Optional.empty()),
        this::terminal);
    context.register(ShellConfiguration.class);
    context.refresh();
  }

  private Terminal terminal() {
    try {
      return new DumbTerminal(InputStream.nullInputStream(), OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void chooseTheSweep() throws Exception {
    carriedOut.clear();
    type("sweep sweeps/a.yaml");
  }

  @AfterAll
  void stop() {
    context.close();
  }

  private void type(String line) throws Exception {
    CommandRegistry registry = context.getBean(CommandRegistry.class);
    new CommandExecutor(registry)
        .execute(
            new CommandContext(
                context.getBean(CommandParser.class).parse(line),
                registry,
                new PrintWriter(new StringWriter()),
                new InputReader() {}));
  }

  @ParameterizedTest
  @CsvSource({
    "status, STATUS, TABLE",
    "status --format json, STATUS, JSON",
    "status --format=csv, STATUS, CSV",
    "plan, PLAN, TABLE",
    "explain 9f3c21aa, EXPLAIN, TABLE",
    "reset 9f3c21aa 11aa22bb, RESET, TABLE",
  })
  void what_is_typed_becomes_an_invocation(
      String line, Invocation.Command command, OutputFormat format) throws Exception {
    type(line);

    assertThat(carriedOut).hasSize(1);
    assertThat(carriedOut.get(0).command()).isEqualTo(command);
    assertThat(carriedOut.get(0).format()).isEqualTo(format);
    assertThat(carriedOut.get(0).sweeps()).containsExactly(Path.of("sweeps/a.yaml"));
  }

  @Test
  void a_missing_run_id_is_missed() throws Exception {
    type("explain");

    assertThat(printed.text()).endsWith("RUN_ID; status shows the ids.\n");
  }

  @Test
  void all_run_ids_arrive() throws Exception {
    type("reset 9f3c21aa 11aa22bb");

    assertThat(carriedOut.get(0).runIds()).containsExactly("9f3c21aa", "11aa22bb");
  }

  @Test
  void the_prompt_names_the_sweep_of_the_session() throws Exception {
    PromptProvider prompt = context.getBean(PromptProvider.class);

    assertThat(prompt.getPrompt().toString()).isEqualTo("a> ");
    type("sweep b.yml c.yaml");
    assertThat(prompt.getPrompt().toString()).isEqualTo("b +1> ");
  }

  @Test
  void a_mistake_is_told_in_one_line() throws Exception {
    type("explain xyz");

    List<String> lines = printed.lines();
    assertThat(lines.get(lines.size() - 2)).isEqualTo("Sweeps: sweeps/a.yaml");
    assertThat(lines.get(lines.size() - 1)).contains("xyz: this is no run id");
  }
}
