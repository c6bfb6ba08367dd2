package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.options.Invocation.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of commands and options in {@code docs/commands.md} are made of the code. */
class CommandsPageTests {
  private static final Path PAGE = Path.of("docs", "commands.md");
  private static final String AGAIN =
      "./mvnw -q test -Dtest=CommandsPageTests -Dsweep-runner.write-pages=true";
  private static final String END = "<!-- until here -->\n";

  /** Commands that look at points or run them: what concerns all of these concerns all. */
  private static final Set<Command> ALL = EnumSet.range(Command.RUN, Command.SHELL);

  @Test
  void the_tables_are_what_the_code_says() throws IOException {
    String page = Files.readString(PAGE);
    String made = page;
    for (Map.Entry<String, String> table :
        Map.of("commands", commands(page), "options", options()).entrySet()) {
      String begin = "<!-- made of the code: " + table.getKey() + " -->\n";
      assertThat(made).containsOnlyOnce(begin);
      int start = made.indexOf(begin) + begin.length();
      made = made.substring(0, start) + table.getValue() + made.substring(made.indexOf(END, start));
    }
    if (Boolean.getBoolean("sweep-runner.write-pages")) {
      Files.writeString(PAGE, made);
    }

    assertThat(Files.readString(PAGE)).as("make it again: " + AGAIN).isEqualTo(made);
  }

  @Test
  void every_command_and_option_stands_in_a_table() throws IOException {
    String tables = commands(Files.readString(PAGE)) + options();

    for (Command command : Command.values()) {
      assertThat(tables).contains("`" + command.word());
    }
    for (Option option : Option.values()) {
      assertThat(tables).contains(option.dashed());
    }
  }

  private static String commands(String page) {
    List<String> headings = page.lines().filter(line -> line.startsWith("## ")).toList();
    return "| command | does | example |\n|---|---|---|\n"
        + Stream.of(Command.values())
            .map(command -> command(command, headings))
            .collect(Collectors.joining());
  }

  private static String command(Command command, List<String> headings) {
    String more =
        headings.contains("## " + command.word()) ? "; [below](#" + command.word() + ")" : "";
    String where = command.onlyInShell() ? " (in a shell)" : "";
    return "| `%s`%s | %s%s | `%s` |\n"
        .formatted(command.usage(), where, cell(command.help()), more, cell(command.example()));
  }

  private static String options() {
    return "| option | of | meaning |\n|---|---|---|\n"
        + Stream.of(Option.values())
            .filter(option -> !option.help().isEmpty())
            .map(CommandsPageTests::option)
            .collect(Collectors.joining())
        + "| `"
        + Option.STATUS.dashed()
        + "`, `"
        + Option.HELP.dashed()
        + "`, `"
        + Option.VERSION.dashed()
        + "` | all | as the commands of these names |\n";
  }

  private static String option(Option option) {
    String sets = option.property().isEmpty() ? "" : "; sets `" + option.property() + "`";
    return "| `%s` | %s | %s%s |\n"
        .formatted(cell(option.usage()), takers(option), cell(option.help()), sets);
  }

  private static String takers(Option option) {
    List<Command> takers = ALL.stream().filter(command -> option.concerns(command)).toList();
    return takers.containsAll(ALL)
        ? "all"
        : takers.stream()
            .map(command -> "`" + command.word() + "`")
            .collect(Collectors.joining(", "));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
