package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.wandb.settings.Account;
import dev.sweeprunner.wandb.settings.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The header that says who is speaking: the key, or an access token that an identity token was
 * exchanged for. A token is kept until shortly before it ends. Any thread; one exchange at a time.
 */
final class Tokens {
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final Account account;
  private final Supplier<Instant> clock;
  private @Nullable Token token;

  Tokens(Account account, Supplier<Instant> clock) {
    this.account = account;
    this.clock = clock;
  }

  /** The value of {@code Authorization}. */
  synchronized String authorization(Exchange exchange, FailureMapper failureMapper) throws Setback {
    Credential credential = account.credential();
    if (credential instanceof Credential.ApiKey key) {
      return "Basic " + pair("api", key.secret());
    }
    if (credential instanceof Credential.Missing missing) {
      throw failureMapper.anonymous(missing.why());
    }
    Token current = token;
    if (current == null || !clock.get().isBefore(current.until())) {
      Path file = ((Credential.IdentityToken) credential).file();
      current = exchange.of(assertion(file, failureMapper));
      token = current;
    }
    return "Bearer " + current.secret();
  }

  /** After this token was refused: the next request exchanges again. */
  synchronized void forget() {
    token = null;
  }

  /** What must not be printed. */
  synchronized Stream<String> secrets() {
    return Stream.ofNullable(token).map(Token::secret);
  }

  /** Name and secret as Basic authentication sends them. */
  static String pair(String user, String secret) {
    return Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(UTF_8));
  }

  private static String assertion(Path file, FailureMapper failureMapper) throws Setback {
    try {
      String text = Files.readString(file).strip();
      if (text.isEmpty()) {
        throw failureMapper.anonymous("the identity token file " + file + " is empty");
      }
      return text;
    } catch (IOException e) {
      throw failureMapper.anonymous("the identity token file " + file + " cannot be read");
    }
  }

  /** Asks the server for an access token. */
  @FunctionalInterface
  interface Exchange {
    /** The token for an identity token. */
    Token of(String assertion) throws Setback;
  }

  /**
   * An access token.
   *
   * @param secret the token
   * @param until when to get another one
   */
  record Token(String secret, Instant until) {
    /** A token that lasts for some time from now on. */
    static Token lasting(String secret, Instant now, Duration life) {
      Duration used = life.compareTo(MARGIN.multipliedBy(2)) > 0 ? life.minus(MARGIN) : life;
      return new Token(secret, now.plus(used));
    }

    @Override
    public String toString() {
      return "an access token";
    }
  }
}
