package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicDiffTests {
  private static final String BODY = "@@ -1 +1 @@\n-a\n+b\n";

  @Test
  void a_diff_without_secrets_stays_as_it_is() {
    String diff = "diff --git a/x.py b/x.py\n" + BODY;

    assertThat(PublicDiff.of(diff)).isEqualTo(diff);
    assertThat(PublicDiff.of("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/.env b/.env",
        "a/conf/.env.local b/conf/.env.local",
        "a/prod.env b/prod.env",
        "a/tls/server.pem b/tls/server.pem",
        "a/server.key b/server.key",
        "a/id_rsa b/id_rsa",
        "a/id_ed25519.bak b/other",
        "a/.netrc b/.netrc",
        "a/credentials.json b/credentials.json",
        "a/my secrets.yaml b/my secrets.yaml",
        "\"a/f\\303\\274/.env\" \"b/f\\303\\274/.env\"",
      })
  void a_file_that_is_named_like_one_of_secrets_is_left_out(String names) {
    String diff =
        PublicDiff.of("diff --git a/x b/x\n" + BODY + "diff --git " + names + "\n" + BODY);

    assertThat(diff)
        .isEqualTo(
            "diff --git a/x b/x\n"
                + BODY
                + "diff --git "
                + names
                + "\n# left out: by its name this file holds secrets\n"
                + "# secrets left out: in 0 lines, 1 file\n");
  }

  @Test
  void the_file_after_it_is_told_again() {
    String diff =
        PublicDiff.of("diff --git a/.env b/.env\n" + BODY + "diff --git a/x b/x\n" + BODY);

    assertThat(diff).contains("diff --git a/x b/x\n" + BODY);
  }

  @Test
  void a_private_key_is_left_out_to_its_end() {
    String diff =
        PublicDiff.of(
            """
            diff --git a/x.py b/x.py
            @@ -1 +1,5 @@
            +KEY = \"""-----BEGIN RSA PRIVATE KEY-----
            +abc
            +-----END RSA PRIVATE KEY-----
            +\"""
            +y = 2
            """);

    assertThat(diff)
        .isEqualTo(
            """
            diff --git a/x.py b/x.py
            @@ -1 +1,5 @@
            +[secret left out]
            +\"""
            +y = 2
            # secrets left out: in 1 line, 0 files
            """);
  }
}
