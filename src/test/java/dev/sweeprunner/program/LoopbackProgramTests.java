package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.relay.LoopbackRelay;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.testkit.relay.LoggedTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of each kind over the relay itself, killed twice: as if they never had been. */
class LoopbackProgramTests {
  private static final int ROWS = 40;
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"explicit", "implicit", "axis"})
  void with_a_rule_each_step_stands_once_and_none_is_missing(String kind) throws IOException {
    ProgramWorld world =
        new ProgramWorld(
                folder,
                "exec %s -XX:TieredStopAtLevel=1 -cp '%s' %s %s %d 5 17 23\n"
                    .formatted(
                        JAVA,
                        System.getProperty("java.class.path"),
                        LoggedTraining.class.getName(),
                        kind,
                        ROWS))
            .says("checkpoint.pattern", "state.json")
            .says("checkpoint.ready", "atomic")
            .mode(ProgramRules.Folder.AUTO);
    try (LoopbackRelay relay =
        new LoopbackRelay(
            new LocalFiles(), new Layout(world.root), new SystemClock(), () -> "0a".repeat(20))) {
      world.relay(relay).worker().liveToTheEnd();
    }

    assertThat(Files.readAllLines(folder.resolve("lives"))).hasSize(3);
    assertThat(journal(world))
        .isEqualTo(IntStream.range(0, ROWS).mapToObj(i -> i + " " + i).toList());
  }

  private static List<String> journal(ProgramWorld world) throws IOException {
    return Files.readAllLines(world.run(0).resolve("metrics.jsonl")).stream()
        .map(line -> line.replaceAll(".*\"iter\":(\\d+).*?\"i\":(\\d+).*", "$1 $2"))
        .toList();
  }
}
