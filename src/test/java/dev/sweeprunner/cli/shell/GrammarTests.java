package dev.sweeprunner.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One grammar: a line of a shell means what the same words mean behind the program's name. */
class GrammarTests {
  /** A value for each option that takes one and whose name is none for it. */
  private static final Map<Option, String> VALUES =
      Map.of(
          Option.SWEEP, "b.yaml",
          Option.DEVICE, "cuda:1",
          Option.TRAINER, "builtin",
          Option.RUNS, "3",
          Option.MAX_RUNS, "4",
          Option.PORT, "8080",
          Option.WANDB, "offline",
          Option.WANDB_DOWN, "closed",
          Option.FORMAT, "json");

  private static List<String> words(Command command) {
    List<String> words = new ArrayList<>(List.of(command.word()));
    words.addAll(
        switch (command) {
          case EXPLAIN, RESET -> List.of("9f3c21aa");
          case EXPORT -> List.of("9f3c21aa", "--to", "model");
          case IMPORT -> List.of("9f3c21aa", "--from", "model");
          case PREPARE -> List.of("text", "--to", "data");
          default -> List.of();
        });
    return words;
  }

  private static List<String> words(Option option) {
    boolean takesValue = option.usage().startsWith(option.dashed() + " ");
    return takesValue
        ? List.of(option.dashed(), VALUES.getOrDefault(option, "a b"))
        : List.of(option.dashed());
  }

  private static String outcomeOnCommandLine(List<String> words) {
    try {
      return CommandLine.parse(words.toArray(String[]::new), Typed.PROPERTIES).toString();
    } catch (UserError refused) {
      return "Error: " + refused.getMessage();
    }
  }

  private static String outcomeInShell(List<String> words) {
    Typed typed = new Typed("shell");
    typed.session().obey(line(words));
    return typed.carriedOut.isEmpty()
        ? typed.printed.text().strip()
        : typed.carriedOut.get(0).toString();
  }

  private static String line(List<String> words) {
    return String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
  }

  static Stream<Command> commandsOfBoth() {
    return Command.ofShell().stream().filter(command -> !command.onlyInShell());
  }

  static Stream<Command> commandsOfShell() {
    return Command.ofShell().stream();
  }

  @ParameterizedTest
  @MethodSource("commandsOfBoth")
  void every_option_means_the_same_in_a_shell(Command command) {
    for (Option option : Option.values()) {
      List<String> line = new ArrayList<>(words(command));
      line.addAll(words(option));
      line.addAll(List.of("--sweep", "a.yaml"));

      assertThat(outcomeInShell(line)).as(line.toString()).isEqualTo(outcomeOnCommandLine(line));
    }
  }

  @ParameterizedTest
  @MethodSource("commandsOfBoth")
  void every_misspelt_option_is_refused_alike(Command command) {
    for (Option option : Option.values()) {
      List<String> misspelt = new ArrayList<>(words(option));
      misspelt.set(0, misspelt.get(0).replaceFirst("(.)$", "$1$1"));
      List<String> line = new ArrayList<>(words(command));
      line.addAll(misspelt);

      String refused = outcomeInShell(line);

      assertThat(refused).isEqualTo(outcomeOnCommandLine(line));
      assertThat(refused)
          .startsWith("Error: " + misspelt.get(0) + ": this option is unknown. Did you mean --");
    }
  }

  @Test
  void every_property_means_the_same_in_a_shell_and_so_does_a_misspelt_one() {
    for (String property : Typed.PROPERTIES) {
      for (String name : List.of("--" + property, "--sweep-runner." + property, "--x" + property)) {
        List<String> line = List.of("status", "--sweep", "a.yaml", name + "=1");

        assertThat(outcomeInShell(line)).isEqualTo(outcomeOnCommandLine(line));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commandsOfShell")
  void every_misspelt_command_is_refused_and_the_right_one_named(Command command) {
    Typed typed = new Typed("shell");

    typed.session().obey(command.word() + "x");

    assertThat(typed.printed.text())
        .startsWith("Error: " + command.word() + "x: this command is unknown. Did you mean ");
    assertThat(typed.carriedOut).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commandsOfShell")
  void no_command_ignores_a_word(Command command) {
    List<String> strange = List.of("--zzz", "--zzz=1", "-z", "--", "'--sweep '=x", "zzz", "''");
    for (String word : strange) {
      Typed typed = new Typed("shell", "--sweep", "a.yaml");
      Session session = typed.session();

      boolean understood = session.obey(String.join(" ", words(command)) + " " + word);

      boolean path = command == Command.SWEEP && word.equals("zzz");
      if (command == Command.PREPARE && word.equals("zzz")) {
        assertThat(typed.carriedOut.get(0).runIds()).containsExactly("text", "zzz");
        continue;
      }
      assertThat(understood).as(command + " " + word).isEqualTo(path);
      assertThat(typed.printed.text()).startsWith(path ? "Sweeps: zzz" : "Error: ");
      assertThat(typed.carriedOut).isEmpty();
      assertThat(session.ended()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("commandsOfShell")
  void no_command_ignores_an_option(Command command) {
    for (Option option : Option.values()) {
      Typed typed = new Typed("shell", "--sweep", "a.yaml");
      Session session = typed.session();

      boolean understood = session.obey(line(words(command)) + " " + line(words(option)));

      if (understood) {
        assertThat(typed.carriedOut.get(0).options()).containsKey(option);
      } else {
        assertThat(typed.printed.text()).startsWith("Error: ").contains(option.dashed());
      }
      assertThat(session.ended()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit now", "quit x", "exit --storage st", "EXIT", "exit exit"})
  void only_a_bare_exit_ends_a_session(String line) {
    Session session = new Typed("shell").session();

    boolean understood = session.obey(line);

    assertThat(understood).isFalse();
    assertThat(session.ended()).isFalse();
  }

  @Test
  void what_the_shell_was_started_with_holds_unless_the_line_says_otherwise() {
    Typed typed = new Typed("shell", "--sweep=a.yaml", "--storage=st", "--cluster=c", "--no-adopt");
    Session session = typed.session();

    session.obey("status");
    session.obey("status --storage other --sweep b.yaml --wandb offline");
    session.obey("scale --storage-root third --claim.expiry 5m");

    List<Invocation> lines = typed.carriedOut;
    assertThat(lines.get(0).text(Option.STORAGE)).contains("st");
    assertThat(lines.get(0).properties()).containsEntry("cluster", "c");
    assertThat(lines.get(0).has(Option.NO_ADOPT)).isTrue();
    assertThat(lines.get(1).sweeps()).containsExactly(Path.of("b.yaml"));
    assertThat(lines.get(1).properties())
        .isEqualTo(Map.of("storage-root", "other", "cluster", "c", "wandb.mode", "offline"));
    assertThat(lines.get(2).forWorkers())
        .containsExactlyInAnyOrder(
            "--storage-root", "third", "--claim.expiry", "5m", "--cluster=c", "--no-adopt");
  }

  @Test
  void what_a_shell_cannot_do_it_says_with_the_way_out() {
    Typed typed = new Typed("shell", "--sweep", "a.yaml", "--worker", "w");
    Session session = typed.session();

    for (String line : List.of("run", "shell", "--sweep b.yaml", "scale", "b.yaml")) {
      session.obey(line);
    }

    assertThat(typed.carriedOut).isEmpty();
    assertThat(typed.printed.lines())
        .containsExactly(
            "Error: run: a shell runs no worker. Leave it with exit, or go to another terminal,"
                + " and write sweep-runner run --sweep a.yaml.",
            "Error: shell: this is a shell already. Write exit to leave it.",
            "Error: the line names no command, and a shell runs no worker. Write help to see"
                + " them.",
            "Error: --worker: it cannot be the same for all tasks that scale submits. Start a"
                + " shell without it.",
            "Error: b.yaml: this command is unknown. To choose this sweep write sweep b.yaml.");
  }
}
