package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.Properties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command that README and docs print: run in a folder like a checkout and compared with what
 * the page shows; or, where that needs what is not here, held to the grammar and to the files that
 * it names, and counted with its reason.
 */
class DocumentedCommandsIT {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final String RUN_ID = "e572c6db";
  private static final String QUICKSTART = "sweeps/quickstart.yaml";

  /** What is not run, by how it begins, and why. The first that fits counts. */
  private static final Map<String, String> REASONS = new LinkedHashMap<>();

  static {
    REASONS.put("(sbatch|scancel|scontrol|squeue|slurm/).*", "needs Slurm: bench/slurm");
    REASONS.put("\\./mvnw .*", "is a build");
    REASONS.put("bench/gpu/.*|scp bench/gpu.*|ssh HOST.*", "needs a GPU");
    REASONS.put("bench/.*", "is a suite of its own");
    REASONS.put("wandb .*|.* wandb-check.*", "needs an account at W&B");
    REASONS.put(".*/shared/.*|scp .*|ssh .*|~/.*", "needs another machine's folders");
    REASONS.put("cd .*", "needs the reader's folders");
    REASONS.put("p?kill .*|trap .*|while .*|.* & worker=.*", "is a part of a script, or a signal");
    REASONS.put("\\S*sweep-runner shell.*", "needs a terminal");
    REASONS.put(".*--watch.*", "goes on until Ctrl-C");
    REASONS.put("\\S*sweep-runner serve (?!.*--export).*", "goes on until Ctrl-C");
    REASONS.put("\\S*sweep-runner scale .*", "needs Slurm: bench/slurm");
    REASONS.put(".*\\[COMMAND].*|.*\\[OPTIONS].*", "is a form, no command");
    REASONS.put(".* reset .*", "needs a run that was given up");
    REASONS.put(
        ".*(ratios|/a|/b|/x|/old|/new| s| sweep|OLD|NEW|ratios-wide|a)\\.yaml.*",
        "names a sweep of the reader's");
    REASONS.put(".* --storage DIR.*", "names a folder of the reader's");
  }

  @TempDir static Path folder;
  private static List<PageCommand> commands;

  @BeforeAll
  static void readThePagesAndTrain() throws IOException {
    commands = PageCommand.all(ROOT);
    for (String part :
        List.of("sweeps", "config", "examples/program", "examples/text", "docs/results")) {
      copy(ROOT.resolve(part), folder.resolve(part));
    }
    for (String sweep : List.of("examples/program/sweep.yaml", QUICKSTART)) {
      assertThat(commands).anyMatch(c -> c.text().equals("./sweep-runner --sweep " + sweep));
      JarProcess.Ended ended = run(List.of("--sweep", sweep, "--allow-behind"));
      assertThat(ended.code()).as(ended.err()).isZero();
    }
  }

  @Test
  void every_command_is_run_or_has_a_reason() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    Map<String, JarProcess.Ended> done = new LinkedHashMap<>();
    for (PageCommand command : commands) {
      grammar(command, wrong);
      files(command, wrong);
      String reason = reason(command);
      counts.merge(reason.isEmpty() ? "run" : "skipped: it " + reason, 1, Integer::sum);
      if (reason.isEmpty() && !isWorker(command)) {
        if (!done.containsKey(command.text())) {
          done.put(command.text(), execute(command));
        }
        compare(command, done.get(command.text()), wrong);
      }
    }
    int skipped = commands.size() - counts.getOrDefault("run", 0);
    long ours = commands.stream().filter(PageCommand::ours).count();
    System.out.println(
        "Commands of README and docs: %d, %d of them ours and read by the grammar, %d not run: %s"
            .formatted(commands.size(), ours, skipped, counts));

    assertThat(wrong).isEmpty();
    assertThat(counts.get("run")).isGreaterThanOrEqualTo(15);
  }

  @Test
  void the_quickstart_ends_with_the_table_that_its_page_shows() throws IOException {
    JarProcess.Ended status = run(List.of("status", "--sweep", QUICKSTART));

    List<String> table = lines(status.out());
    assertThat(Files.readString(ROOT.resolve("docs/quickstart.md")))
        .contains(String.join("\n", table.subList(1, table.size())));
  }

  @Test
  void rows_have_the_form_that_their_page_shows() throws IOException {
    JarProcess.Ended rows = run(List.of("rows", "--sweep", QUICKSTART, "--format", "jsonl"));
    String second = rows.out().lines().toList().get(1);

    assertThat(Files.readString(ROOT.resolve("docs/commands.md")))
        .contains(second.substring(0, second.indexOf("\"wall\"")));
  }

  private static boolean isWorker(PageCommand command) {
    return command.ours()
        && command.words().size() == 2
        && command.words().get(0).equals("--sweep");
  }

  private static void grammar(PageCommand command, List<String> wrong) {
    if (!command.ours() || command.text().matches(".*\\[(COMMAND|OPTIONS)].*")) {
      return;
    }
    try {
      CommandLine.parse(words(command).toArray(String[]::new), Properties.packed().names());
    } catch (RuntimeException refused) {
      wrong.add(command.where() + ": " + refused.getMessage());
    }
  }

  /** Scripts that are named, and test classes. */
  private static void files(PageCommand command, List<String> wrong) throws IOException {
    for (String word : command.text().split("[\\s,]+")) {
      boolean script = word.matches("(\\./)?(bench|slurm|docs|examples)/[\\w./-]+");
      boolean made = word.endsWith(".tar.gz");
      if (script && !made && !Files.exists(ROOT.resolve(word))) {
        wrong.add(command.where() + ": there is no " + word);
      }
      if (word.startsWith("-Dtest=") && !isTest(word.substring(7).replace("'", ""))) {
        wrong.add(command.where() + ": there is no such test");
      }
    }
  }

  private static boolean isTest(String name) throws IOException {
    try (Stream<Path> sources = Files.walk(ROOT.resolve("src/test/java"))) {
      return sources.anyMatch(file -> file.endsWith(name + ".java"));
    }
  }

  /** Why it is not run; empty if it is. */
  private static String reason(PageCommand command) {
    for (Map.Entry<String, String> reason : REASONS.entrySet()) {
      if (command.text().matches(reason.getKey()) && !shown(command)) {
        return reason.getValue();
      }
    }
    return command.text().contains("results/curves.py") && !has("matplotlib")
        ? "needs matplotlib"
        : command.text().contains("results/model.py") && !has("torch") ? "needs torch" : "";
  }

  /** Whether the page shows its output, and all that it needs is here. */
  private static boolean shown(PageCommand command) {
    return !command.output().isEmpty() && command.text().contains("examples/program/sweep.yaml");
  }

  private static boolean has(String module) {
    return python(List.of("-c", "import " + module)).code() == 0;
  }

  private static List<String> words(PageCommand command) {
    return command.words().stream()
        .map(word -> word.equals("RUN_ID") ? RUN_ID : word.equals("...") ? QUICKSTART : word)
        .toList();
  }

  private static JarProcess.Ended execute(PageCommand command) throws IOException {
    JarProcess.Ended ended =
        command.ours()
            ? run(words(command))
            : python(List.of(command.text().replaceFirst("^python3 ", "").split(" ")));
    int redirected = command.text().indexOf(" > ");
    if (redirected > 0) {
      Files.writeString(
          folder.resolve(command.text().substring(redirected + 3).strip()), ended.out());
    }
    return ended;
  }

  private static void compare(PageCommand command, JarProcess.Ended ended, List<String> wrong)
      throws IOException {
    if (ended.code() != 0) {
      wrong.add(command.where() + ": exit code " + ended.code() + ": " + ended.err() + ended.out());
    } else if (!command.output().isEmpty()
        && !lines(String.join("\n", command.output())).equals(lines(ended.out()))) {
      wrong.add(command.where() + " prints\n" + ended.out());
    } else if (command.text().contains("results/table.py")
        && !Files.readString(ROOT.resolve(command.page())).contains("\n" + ended.out())) {
      wrong.add(command.where() + " prints\n" + ended.out());
    }
  }

  /** Without the line that names the reader's own folder, which pages may leave out. */
  private static List<String> lines(String text) {
    return text.lines().filter(line -> !line.startsWith("Storage root ")).toList();
  }

  private static JarProcess.Ended run(List<String> words) {
    return JarProcess.run(folder, Map.of("HOME", folder.toString()), words);
  }

  private static JarProcess.Ended python(List<String> words) {
    try {
      List<String> all = new ArrayList<>(List.of("python3"));
      all.addAll(words);
      Path out = Files.createTempFile(folder, "python", ".out");
      Process process =
          new ProcessBuilder(all)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      int code = process.waitFor();
      return new JarProcess.Ended(code, Files.readString(out), "");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
