package dev.sweeprunner.wandb.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.ChildJvm;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import dev.sweeprunner.wandb.settings.ProxyAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way through a proxy that wants a name and a password. */
class ProxyTests {
  private static final String VIEWER = "{\"data\":{\"viewer\":{\"entity\":\"acme\"}}}";
  private static final String PAIR = "Basic YW5uOnAlIHc6ZA==";

  @TempDir private Path folder;
  private GuardedProxy proxy;

  @BeforeEach
  void start() throws IOException {
    proxy = new GuardedProxy(PAIR);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
  }

  @Test
  void name_and_password_open_the_way_of_plain_requests() throws Exception {
    try (Loopback server = Loopback.http()) {
      server.says(VIEWER);
      Rig rig = new Rig(server.base()).proxy(address("p% w:d"));

      assertThat(rig.client().viewer().entity()).isEqualTo("acme");
      assertThat(proxy.heads()).hasSize(1);
      assertThat(server.newest().headers().containsKey("Proxy-Authorization")).isFalse();
    }
  }

  @Test
  void a_wrong_password_is_one_sentence_about_the_proxy() throws Exception {
    try (Loopback server = Loopback.http()) {
      Rig rig = new Rig(server.base()).proxy(address("wr0ng"));

      WandbFailure failure = QuestionTests.failure(rig.client()::viewer);

      assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
      assertThat(failure)
          .hasMessageContaining("the proxy localhost:" + proxy.port())
          .hasMessageContaining("407");
      assertThat(FailureTests.everything(failure)).doesNotContain("wr0ng").doesNotContain("ann");
      assertThat(rig.waits()).isEmpty();
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void a_proxy_that_is_not_there_is_named() throws Exception {
    try (Loopback server = Loopback.http()) {
      proxy.close();
      Rig rig = new Rig(server.base()).patience(Patience.once()).proxy(address("x"));

      WandbFailure failure = QuestionTests.failure(rig.client()::viewer);

      assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(failure).hasMessageContaining("through the proxy localhost:" + proxy.port());
    }
  }

  @Test
  void the_property_that_main_sets_opens_tunnels_too() throws Exception {
    Authority authority = Authority.of("localhost", folder);
    Path file = Files.writeString(folder.resolve("ca.pem"), authority.pem());
    try (Loopback server = Loopback.https(authority.context())) {
      server.says(VIEWER);

      assertThat(tunnel(server, file, "p% w:d")).isEqualTo("acme");
      assertThat(tunnel(server, file, "wr0ng"))
          .contains("REFUSED the proxy localhost:" + proxy.port())
          .contains("407")
          .doesNotContain("wr0ng");
      assertThat(proxy.heads()).allMatch(head -> head.startsWith("CONNECT localhost:"));
      assertThat(server.requests()).hasSize(1);
      assertThat(server.newest().headers().containsKey("Proxy-Authorization")).isFalse();
    }
  }

  private String tunnel(Loopback server, Path authority, String password)
      throws IOException, InterruptedException {
    try (ChildJvm child =
        ChildJvm.start(
            TunnelProbe.class,
            server.base().toString(),
            Integer.toString(proxy.port()),
            password,
            authority.toString())) {
      String line = child.line();
      assertThat(child.exitCode()).isZero();
      return line;
    }
  }

  private ProxyAddress address(String password) {
    return new ProxyAddress("localhost", proxy.port(), "ann", password);
  }
}
