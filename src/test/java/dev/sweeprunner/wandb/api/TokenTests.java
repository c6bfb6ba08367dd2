package dev.sweeprunner.wandb.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import dev.sweeprunner.wandb.settings.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An identity token becomes an access token, and that one is kept while it lasts. */
class TokenTests {
  private static final String VIEWER = "{\"data\":{\"viewer\":{\"entity\":\"acme\"}}}";

  @TempDir private Path folder;
  private Loopback server;
  private Rig rig;

  @BeforeEach
  void start() throws IOException {
    server = Loopback.http();
    Path file = Files.writeString(folder.resolve("jwt"), "aaa.bbb+.ccc\n");
    rig =
        new Rig(server.base())
            .patience(Patience.once())
            .credential(new Credential.IdentityToken(file));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void one_exchange_serves_until_the_token_ends() throws Exception {
    server.says("{\"access_token\":\"tok1\",\"expires_in\":600}").says(VIEWER).says(VIEWER);
    server.says("{\"access_token\":\"tok2\",\"expires_in\":600}").says(VIEWER);
    WandbClient client = rig.client();

    client.viewer();
    client.viewer();
    rig.pass(Duration.ofSeconds(541));
    client.viewer();

    assertThat(server.requests())
        .extracting(Loopback.Request::path)
        .containsExactly("/oidc/token", "/graphql", "/graphql", "/oidc/token", "/graphql");
    assertThat(server.requests().get(0).body())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
                + "&assertion=aaa.bbb%2B.ccc");
    assertThat(server.requests().get(0).headers().containsKey("Authorization")).isFalse();
    assertThat(server.requests().get(2).header("Authorization")).isEqualTo("Bearer tok1");
    assertThat(server.newest().header("Authorization")).isEqualTo("Bearer tok2");
  }

  @Test
  void a_token_that_is_refused_is_exchanged_anew_by_the_next_call() throws Exception {
    server.says("{\"access_token\":\"tok1\",\"expires_in\":600}");
    server.says(401, "{\"error\":\"tok1 is revoked\"}");
    server.says("{\"access_token\":\"tok2\"}").says(VIEWER);
    WandbClient client = rig.client();

    WandbFailure failure = QuestionTests.failure(client::viewer);
    client.viewer();

    assertThat(failure.getMessage()).doesNotContain("tok1").contains("*** is revoked");
    assertThat(server.newest().header("Authorization")).isEqualTo("Bearer tok2");
  }

  @Test
  void a_file_that_is_gone_or_empty_is_named() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty"));

    for (Path file : new Path[] {folder.resolve("none"), empty}) {
      WandbFailure failure =
          QuestionTests.failure(
              rig.credential(new Credential.IdentityToken(file)).client()::viewer);

      assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORISED);
      assertThat(failure).hasMessageContaining(file.toString());
    }
  }

  @Test
  void an_exchange_without_a_token_is_unreadable() {
    server.says("{\"expires_in\":600}");

    assertThat(QuestionTests.kind(rig.client()::viewer)).isEqualTo(Kind.UNREADABLE);
  }
}
