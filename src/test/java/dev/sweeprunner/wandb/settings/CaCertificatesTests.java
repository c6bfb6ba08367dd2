package dev.sweeprunner.wandb.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificate authorities besides those of the Java installation. */
class CaCertificatesTests {
  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void every_variable_adds_what_it_names_once() throws IOException {
    Path a = Files.createFile(folder.resolve("a.pem"));
    Path b = Files.createDirectory(folder.resolve("b"));
    Path c = Files.createDirectory(folder.resolve("c"));
    Path d = Files.createFile(folder.resolve("d.pem"));
    Path e = Files.createFile(folder.resolve("e.pem"));

    List<Path> found =
        read(
            Map.of(
                "SSL_CERT_FILE",
                a.toString(),
                "SSL_CERT_DIR",
                b + ":" + c + "::" + b,
                "REQUESTS_CA_BUNDLE",
                "d.pem",
                "CURL_CA_BUNDLE",
                e.toString()));
    List<Path> twice = read(Map.of("SSL_CERT_FILE", a.toString(), "CURL_CA_BUNDLE", a.toString()));

    assertThat(found).containsExactly(a, b, c, d, e);
    assertThat(twice).containsExactly(a);
    assertThat(warnings).isEmpty();
  }

  @Test
  void what_is_missing_is_a_warning_that_names_the_variable() throws IOException {
    Path a = Files.createFile(folder.resolve("a.pem"));

    List<Path> found =
        read(
            Map.of(
                "SSL_CERT_DIR", folder + "/none:" + a,
                "CURL_CA_BUNDLE", "none.pem",
                "SSL_CERT_FILE", ""));

    assertThat(found).containsExactly(a);
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0)).contains("SSL_CERT_DIR", folder + "/none", "does not exist");
    assertThat(warnings.get(1)).contains("CURL_CA_BUNDLE", folder + "/none.pem");
  }

  private List<Path> read(Map<String, String> environment) {
    return CaCertificates.read(environment, folder, warnings::add);
  }
}
