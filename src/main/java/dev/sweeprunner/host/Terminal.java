package dev.sweeprunner.host;

import dev.sweeprunner.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where standard output goes, and how wide that is: {@code $COLUMNS} where it is set, else what the
 * terminal says. Plain Java cannot ask a terminal, so {@code stty} does, in a process of a few
 * milliseconds, once until the size changes. Any thread.
 */
public final class Terminal {
  /** The width of what is no terminal: nothing is made to fit there. */
  public static final int ENDLESS = 100_000;

  /** Of a terminal that does not say. */
  private static final int USUAL = 80;

  private static final int NARROWEST = 20;
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final int ANSWER = 64;
  private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("(\\d{1,5}) (\\d{1,4})\\s*");

  private final boolean terminal;
  private final boolean dumb;
  private final OptionalInt given;
  private final Supplier<String> stty;
  private final Executor aside;
  private @Nullable CompletableFuture<String> asked;

  /**
   * A terminal, or none.
   *
   * @param terminal whether standard output is one
   * @param stty rows and columns as {@code stty size} prints them; anything else says nothing
   * @param aside runs that question
   */
  Terminal(Environment environment, boolean terminal, Supplier<String> stty, Executor aside) {
    this.terminal = terminal;
    this.dumb = environment.variable("TERM").map("dumb"::equals).orElse(true);
    this.given = given(environment.variable("COLUMNS").orElse("").strip());
    this.stty = stty;
    this.aside = aside;
  }

  /** Looks at this process's standard output. */
  public static Terminal of(Environment environment) {
    boolean terminal = isTerminal(Path.of("/proc/self/fd/1"));
    return new Terminal(environment, terminal, Terminal::stty, Terminal::start);
  }

  /** Whether it can move its cursor. */
  public boolean interactive() {
    return terminal && !dumb;
  }

  /** Begins to ask for the width, for who will need it soon. */
  public void ask() {
    if (given.isEmpty()) {
      begin();
    }
  }

  private synchronized void begin() {
    if (terminal && asked == null) {
      asked = CompletableFuture.supplyAsync(stty, aside);
    }
  }

  /** Columns of a line; waits for the answer. */
  public int width() {
    if (given.isPresent()) {
      return given.getAsInt();
    }
    return terminal ? columns(answer().join()).orElse(USUAL) : ENDLESS;
  }

  /** Lines; waits for the answer. Endless where nothing says how many. */
  public int height() {
    Matcher size = ROWS_AND_COLUMNS.matcher(terminal ? answer().join() : "");
    return size.matches() && Integer.parseInt(size.group(1)) > 0
        ? Integer.parseInt(size.group(1))
        : ENDLESS;
  }

  /** The size may have changed. */
  public synchronized void resized() {
    asked = null;
  }

  private synchronized CompletableFuture<String> answer() {
    begin();
    return Objects.requireNonNull(asked);
  }

  private static OptionalInt columns(String said) {
    Matcher size = ROWS_AND_COLUMNS.matcher(said);
    return size.matches() ? given(size.group(2)) : OptionalInt.empty();
  }

  private static OptionalInt given(String columns) {
    boolean number = columns.matches("\\d{1,4}") && Integer.parseInt(columns) >= NARROWEST;
    return number ? OptionalInt.of(Integer.parseInt(columns)) : OptionalInt.empty();
  }

  /** By the name that is open to everyone: after {@code su} the device itself is not. */
  private static String stty() {
    List<String> words = List.of("stty", "-F", "/dev/tty", "size");
    return Command.run(words, Path.of("/"), variables -> {}, LIMIT, ANSWER)
            instanceof Command.Outcome.Ended ended
        ? ended.out()
        : "";
  }

  private static void start(Runnable question) {
    Thread thread = new Thread(question, "terminal");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether standard input is a terminal: a person may be asked. */
  public static boolean ofInput() {
    return isTerminal(Path.of("/proc/self/fd/0"));
  }

  static boolean isTerminal(Path descriptor) {
    try {
      var target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException elsewhere) {
      return false;
    }
  }
}
