package dev.sweeprunner.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.shell.core.ShellRunner;

/** A person at the prompt, on a terminal that is a pipe. */
class PromptTests {
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";

  @TempDir Path folder;

  private final Typed typed = new Typed("shell", "--sweep", "a.yaml");
  private final PipedOutputStream keys = new PipedOutputStream();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  private final AtomicBoolean stop = new AtomicBoolean();
  private final List<Runnable> onStop = new ArrayList<>();
  private final CountDownLatch lineEnded = new CountDownLatch(1);
  private CompletableFuture<Void> ended = new CompletableFuture<>();

  @BeforeEach
  void start() {
    Shell.register(
        context,
        typed.session(),
        new Asked(),
        new Shell.History(Optional.of(history())),
        this::terminal);
    context.register(ShellConfiguration.class);
    context.refresh();
    ShellRunner runner = context.getBean(ShellRunner.class);
    ended =
        CompletableFuture.runAsync(
            () -> {
              try {
                runner.run(new String[0]);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    prompts(1);
  }

  @AfterEach
  void stop() {
    context.close();
  }

  private Path history() {
    return folder.resolve("state").resolve("history");
  }

  private Terminal terminal() {
    try {
      return new ExternalTerminal(
          "test", "ansi", new PipedInputStream(keys), shown, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Terminal another() {
    try {
      return new DumbTerminal(InputStream.nullInputStream(), OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void type(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  private void prompts(int count) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> shown.toString(StandardCharsets.UTF_8).split("a> ", -1).length > count);
  }

  @Test
  void ctrl_c_drops_the_line_and_nothing_else() throws IOException {
    type("exp");
    await().until(() -> shown.toString(StandardCharsets.UTF_8).contains("exp"));
    type(CTRL_C);
    prompts(2);
    type("plan\r");

    await().until(() -> !typed.carriedOut.isEmpty());
    assertThat(typed.carriedOut.get(0).command()).isEqualTo(Invocation.Command.PLAN);
    assertThat(ended).isNotDone();
  }

  @Test
  void ctrl_d_on_an_empty_line_ends_the_session_and_so_does_exit() throws IOException {
    type(CTRL_D);

    await().until(ended::isDone);
    assertThat(ended).isCompleted();
  }

  @Test
  void exit_ends_the_session_and_exit_now_does_not() throws IOException {
    type("exit now\r");
    prompts(2);
    assertThat(typed.printed.text()).contains("now: exit takes no further words");
    type("exit\r");

    await().until(ended::isDone);
    assertThat(ended).isCompleted();
  }

  @Test
  void a_quote_alone_is_told_at_once() throws IOException {
    type("status \"\r");
    prompts(2);
    type("status !x\r");
    prompts(3);

    assertThat(typed.printed.lines()).hasSize(2);
    assertThat(typed.printed.lines().get(0)).contains("no other half");
    assertThat(typed.printed.lines().get(1)).contains("!x: status takes no further words");
  }

  @Test
  void tab_completes_commands_options_their_values_and_runs() throws IOException {
    type("sta\t--for\tjs\t\r");
    await().until(() -> typed.carriedOut.size() == 1);
    prompts(2);
    type("expl\t9f\t\r");
    await().until(() -> typed.carriedOut.size() == 2);

    assertThat(typed.carriedOut.get(0).format().name()).isEqualTo("JSON");
    assertThat(typed.carriedOut.get(1).runIds()).containsExactly("9f3c21aa");
  }

  @Test
  void ctrl_c_ends_what_a_line_does_and_the_prompt_is_back() throws IOException {
    typed.during = this::untilTheLineEnds;
    type("audit\r");
    await().until(() -> !typed.carriedOut.isEmpty());
    type(CTRL_C);

    prompts(2);
    assertThat(lineEnded.getCount()).isZero();
    assertThat(ended).isNotDone();
  }

  @Test
  void tab_offers_what_fits_the_command() throws IOException {
    type("reset \t\r");
    await().until(() -> typed.carriedOut.size() == 1);
    prompts(2);
    type("status -s hel\t-f n_\t16\t--sort lo\t--color nev\t\r");
    await().until(() -> typed.carriedOut.size() == 2);

    assertThat(typed.carriedOut.get(0).runIds()).containsExactly("11aa22bb");
    Invocation status = typed.carriedOut.get(1);
    assertThat(status.texts(Option.STATE)).containsExactly("held");
    assertThat(status.texts(Option.FILTER)).containsExactly("n_embd=16");
    assertThat(status.text(Option.SORT)).contains("loss");
    assertThat(status.text(Option.COLOR)).contains("never");
  }

  @Test
  void tab_offers_sweep_files_and_no_others() throws IOException {
    Files.createFile(folder.resolve("big.yaml"));
    Files.createFile(folder.resolve("big.runner.yaml"));
    Files.createFile(folder.resolve("big.toml"));

    type("status --sweep " + folder + "/b\t\r");
    await().until(() -> typed.carriedOut.size() == 1);

    assertThat(typed.carriedOut.get(0).sweeps()).containsExactly(folder.resolve("big.yaml"));
  }

  @Test
  void what_was_typed_is_kept_in_a_file_and_there_again_at_the_next_start() throws IOException {
    type("plan\r");
    await().until(() -> typed.carriedOut.size() == 1);

    await().until(() -> Files.exists(history()) && Files.readString(history()).contains("plan"));
    prompts(2);
    context.close();
    try (var next = new AnnotationConfigApplicationContext()) {
      Shell.register(
          next,
          typed.session(),
          new Asked(),
          new Shell.History(Optional.of(history())),
          PromptTests::another);
      next.register(ShellConfiguration.class);
      next.refresh();
      History kept = new DefaultHistory(next.getBean(LineReader.class));

      assertThat(kept.get(kept.last())).isEqualTo("plan");
    }
  }

  @Test
  void q_leaves_what_is_drawn_again_and_again_and_nothing_else() throws IOException {
    typed.during = this::untilTheLineEnds;
    type("status --watch\r");
    await().until(() -> !typed.carriedOut.isEmpty());
    type("xq");

    prompts(2);
    assertThat(lineEnded.getCount()).isZero();
    typed.during = () -> {};
    type("plan\r");
    await().until(() -> typed.carriedOut.size() == 2);
    assertThat(typed.carriedOut.get(1).command()).isEqualTo(Invocation.Command.PLAN);
    assertThat(ended).isNotDone();
  }

  private void untilTheLineEnds() {
    try {
      assertThat(lineEnded.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_stop_ends_a_session_that_waits_for_a_line() {
    stop.set(true);
    onStop.forEach(Runnable::run);

    await().until(ended::isDone);
    assertThat(ended).isCompleted();
  }

  @Test
  void a_stop_does_not_break_into_what_a_line_does() throws IOException {
    AtomicBoolean interrupted = new AtomicBoolean();
    typed.during =
        () -> {
          stop.set(true);
          onStop.forEach(Runnable::run);
          interrupted.set(Thread.currentThread().isInterrupted());
        };
    type("audit\rplan\r");

    await().until(ended::isDone);
    assertThat(interrupted).isFalse();
    assertThat(typed.carriedOut).hasSize(1);
  }

  /** Is asked to stop by the test. */
  private final class Asked implements Shell.Stops {
    @Override
    public boolean requested() {
      return stop.get();
    }

    @Override
    public void onStop(Runnable callback) {
      onStop.add(callback);
    }

    @Override
    public void endLine() {
      lineEnded.countDown();
    }
  }
}
