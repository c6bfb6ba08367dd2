package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which servers are believed. */
class TrustTests {
  private static final String VIEWER = "{\"data\":{\"viewer\":{\"entity\":\"acme\"}}}";

  @TempDir private static Path shared;
  private static Authority ours;
  private static Authority other;

  @TempDir private Path folder;
  private Loopback server;
  private Rig rig;

  @BeforeAll
  static void make() throws Exception {
    ours = Authority.of("localhost", shared);
    other = Authority.of("elsewhere", shared);
  }

  @BeforeEach
  void start() throws IOException {
    server = Loopback.https(ours.context());
    rig = new Rig(server.base());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void an_unknown_authority_is_refused_once_with_the_way_out() {
    WandbFailure failure = QuestionTests.failure(rig.client()::viewer);

    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessageContaining("localhost")
        .hasMessageContaining("unknown authority")
        .hasMessageContaining("SSL_CERT_FILE");
    assertThat(rig.waits()).isEmpty();
  }

  @Test
  void one_of_several_certificates_in_a_file_is_believed() throws Exception {
    String text = "Some words - first\n" + other.pem() + "\n# and\n" + ours.pem();
    Path file = Files.writeString(folder.resolve("ca.pem"), text);
    server.says(VIEWER);

    assertThat(rig.authorities(file).client().viewer().entity()).isEqualTo("acme");
  }

  @Test
  void files_of_a_folder_are_believed_and_others_in_it_passed_over() throws Exception {
    Files.writeString(folder.resolve("README"), "no certificate");
    Files.writeString(folder.resolve("a.pem"), ours.pem());
    Files.writeString(
        folder.resolve("bad.pem"),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    server.says(VIEWER);

    assertThat(rig.authorities(folder).client().viewer().entity()).isEqualTo("acme");
  }

  @Test
  void the_wrong_host_is_refused_though_its_authority_is_known() throws Exception {
    try (Loopback elsewhere = Loopback.https(other.context())) {
      Path file = Files.writeString(folder.resolve("ca.pem"), other.pem());
      Rig there = new Rig(elsewhere.base()).authorities(file);

      WandbFailure failure = QuestionTests.failure(there.client()::viewer);

      assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
      assertThat(failure).hasMessageContaining("localhost");
    }
  }

  @Test
  void insecure_believes_any_certificate_for_any_host() throws Exception {
    try (Loopback elsewhere = Loopback.https(other.context())) {
      elsewhere.says(VIEWER);

      assertThat(new Rig(elsewhere.base()).insecure().client().viewer().entity()).isEqualTo("acme");
    }
  }

  @Test
  void a_server_without_tls_is_refused_in_one_sentence() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread speaker = new Thread(() -> refuse(plain), "plain");
      speaker.start();
      URI base = URI.create("https://localhost:" + plain.getLocalPort());
      Rig there = new Rig(base).patience(new Patience(2, Duration.ofDays(1), Duration.ofDays(1)));

      WandbFailure failure = QuestionTests.failure(there.client()::viewer);

      assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
      assertThat(there.waits()).isEmpty();
      speaker.join();
    }
  }

  private static void refuse(ServerSocket plain) {
    try (Socket client = plain.accept()) {
      client.getInputStream().read(new byte[16]);
      client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
      client.getOutputStream().flush();
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The other side hung up.
    }
  }

  @Test
  void a_file_that_is_missing_damaged_or_no_pem_is_named() throws IOException {
    Path none = folder.resolve("none.pem");
    Path words = Files.writeString(folder.resolve("words.pem"), "hello");
    Path damaged =
        Files.writeString(
            folder.resolve("damaged.pem"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

    for (Path file : new Path[] {none, words, damaged}) {
      assertThatThrownBy(() -> rig.authorities(file).client())
          .isInstanceOfSatisfying(
              UserError.class, error -> assertThat(error.where()).isEqualTo(file.toString()));
    }
  }
}
