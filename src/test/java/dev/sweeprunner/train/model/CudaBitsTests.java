package dev.sweeprunner.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.ChildJvm;
import dev.sweeprunner.testkit.FakeCuda;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bits of a GPU hang on the numbers only: not on the order in which threads, warps and blocks
 * happen to run, and not on how many tokens fit into its memory at once.
 */
class CudaBitsTests {
  private static final int ALL_AT_ONCE = 1 << 17;

  @TempDir static Path folder;
  private static List<String> expected = List.of();

  @BeforeAll
  static void run_in_order_with_all_tokens_at_once() throws IOException, InterruptedException {
    expected = bits("forward", ALL_AT_ONCE);
  }

  @ParameterizedTest
  @CsvSource({"reverse, 131072", "random:1, 131072", "random:2, 8192"})
  void any_order_and_a_smaller_memory_give_the_same(String schedule, int tokens)
      throws IOException, InterruptedException {
    assertThat(bits(schedule, tokens)).isEqualTo(expected);
  }

  private static List<String> bits(String schedule, int tokens)
      throws IOException, InterruptedException {
    FakeCuda fake = FakeCuda.in(folder.resolve(schedule.replace(':', '-') + "-" + tokens));
    fake.configure(Map.of("schedule", schedule, "cores", "2"));
    try (ChildJvm child =
        ChildJvm.of(
            List.of(
                "env",
                "LD_LIBRARY_PATH=" + fake.folder(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                GpuBits.class.getName(),
                Integer.toString(tokens)))) {
      List<String> lines = List.of(child.line(), child.line());
      assertThat(child.exitCode()).isZero();
      assertThat(fake.violations()).isEmpty();
      return lines;
    }
  }
}
