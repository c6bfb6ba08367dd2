package dev.sweeprunner.wandb.settings;

import java.nio.file.Path;

/** What proves who is speaking. Never printed: no {@code toString} shows a secret. */
public sealed interface Credential {
  /** An API key, whole, with its prefix where it has one. */
  record ApiKey(String secret) implements Credential {
    @Override
    public String toString() {
      return "an API key";
    }
  }

  /** A file with a JWT that is exchanged for an access token. */
  record IdentityToken(Path file) implements Credential {}

  /**
   * None was found.
   *
   * @param why one sentence: where it was looked for
   */
  record Missing(String why) implements Credential {}
}
