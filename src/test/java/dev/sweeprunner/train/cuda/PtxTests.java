package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text that the jar carries is that of the sources, for every driver that we take. */
class PtxTests {
  /** The compiler that made the text; others may word it otherwise. */
  private static final String COMPILER = "V13.0.88";

  private static final Path SOURCES = Path.of("src", "main", "cuda");

  @ParameterizedTest
  @ValueSource(strings = {"kernels", "hopper"})
  void the_ptx_was_made_from_these_sources(String name) throws Exception {
    assertThat(lines(name).get(0))
        .as("src/main/cuda/build makes the PTX anew")
        .isEqualTo("// sources sha256 " + hash());
  }

  @Test
  void it_is_for_drivers_of_cuda_11_8_and_compute_capability_8_0() throws IOException {
    assertThat(lines("kernels")).containsOnlyOnce(".version 7.8").containsOnlyOnce(".target sm_80");
  }

  @Test
  void hoppers_own_is_for_drivers_of_cuda_12_0() throws IOException {
    assertThat(lines("hopper")).containsOnlyOnce(".version 8.0").containsOnlyOnce(".target sm_90a");
  }

  @Test
  void it_is_what_the_compiler_makes_of_them_and_assembles_for_three_generations()
      throws Exception {
    assumeTrue(
        runs("ptxas", "--version"),
        "NO PTXAS ON THE PATH: nobody assembled the PTX here; install CUDA 13 to have it checked");

    String how = output("nvcc", "--version").contains(COMPILER) ? "--check" : "--assemble";

    assertThat(output(SOURCES.resolve("build").toString(), how))
        .contains("assembles for sm_80, sm_90, sm_120, and sm_90a.");
  }

  private static boolean runs(String... words) throws InterruptedException {
    try {
      return new ProcessBuilder(words)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static String output(String... words) throws IOException {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException absent) {
      return "";
    }
  }

  private static List<String> lines(String name) throws IOException {
    try (var in = CudaBackEnd.class.getResourceAsStream(name + ".ptx")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static String hash() throws IOException, NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance("SHA-256");
    try (var files = Files.list(SOURCES)) {
      for (var file : files.filter(PtxTests::isSource).sorted().toList()) {
        digest.update(Files.readAllBytes(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static boolean isSource(Path file) {
    return file.toString().endsWith(".cu") || file.toString().endsWith(".cuh");
  }
}
