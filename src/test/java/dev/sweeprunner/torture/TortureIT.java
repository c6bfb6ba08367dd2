package dev.sweeprunner.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short torture with a new seed each time, and whether its checker notices planted damage; the
 * long version is {@code bench/attack/torture --seed 1}.
 */
class TortureIT {
  private static final long PATIENCE_S = 400;

  @TempDir Path folder;

  @Test
  void what_is_killed_and_frozen_for_half_a_minute_breaks_no_invariant() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(place -> Files.isExecutable(Path.of(place, "python3"))),
        "NO TORTURE: no python3 on the PATH, so nobody checks the invariants");
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of("bench", "attack", "torture").toAbsolutePath().toString(),
                "--jar",
                System.getProperty("sweep-runner.jar"),
                "--seed",
                Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30)),
                "--runs",
                "60",
                "--kills",
                "150",
                "--minutes",
                "0.5",
                "--batch",
                "30",
                "--self-test")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));

    Process torture = builder.start();
    boolean ended = torture.waitFor(PATIENCE_S, TimeUnit.SECONDS);
    if (!ended) {
      torture.descendants().forEach(ProcessHandle::destroyForcibly);
      torture.destroyForcibly();
    }

    String words = Files.readString(said, UTF_8);
    System.out.println(words);
    assertThat(ended).as(words).isTrue();
    assertThat(torture.exitValue()).as(words).isZero();
    assertThat(words).contains("seed ", "planted: double finish", "All of it holds.");
  }
}
