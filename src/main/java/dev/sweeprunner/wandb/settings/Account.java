package dev.sweeprunner.wandb.settings;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where and as whom W&amp;B is spoken to.
 *
 * @param baseUrl of the API, without a trailing slash
 * @param appUrl of the pages for people, without a trailing slash
 * @param credential what proves who is speaking
 * @param entity from the environment or a settings file, or null
 * @param project likewise
 * @param mode likewise: {@code online}, {@code offline}, {@code disabled}
 * @param username sent along for service accounts, may be empty
 * @param email likewise
 * @param network how it is reached
 */
public record Account(
    URI baseUrl,
    URI appUrl,
    Credential credential,
    @Nullable String entity,
    @Nullable String project,
    @Nullable String mode,
    String username,
    String email,
    Network network) {}
