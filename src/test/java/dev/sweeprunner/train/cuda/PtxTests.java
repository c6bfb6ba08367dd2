package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The text that the jar carries is that of the sources, for every driver that we take. */
class PtxTests {
  private static final Path SOURCES = Path.of("src", "main", "cuda");

  @Test
  void the_ptx_was_made_from_these_sources() throws Exception {
    assertThat(lines().get(0))
        .as("src/main/cuda/build makes the PTX anew")
        .isEqualTo("// sources sha256 " + hash());
  }

  @Test
  void it_is_for_drivers_of_cuda_11_8_and_compute_capability_8_0() throws IOException {
    assertThat(lines()).containsOnlyOnce(".version 7.8").containsOnlyOnce(".target sm_80");
  }

  private static List<String> lines() throws IOException {
    try (var in = CudaBackEnd.class.getResourceAsStream("kernels.ptx")) {
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
