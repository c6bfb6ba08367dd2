package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Sha256;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in: whoever names this host by a name of its own, so that no page of another site that
 * has its name point here can read; and, where there is a token, who shows it. Immutable.
 */
final class Gate {
  static final String COOKIE = "sweep-runner-";

  private static final Set<String> LOOPBACK = Set.of("localhost", "localhost.localdomain");
  private static final String BEARER = "Bearer ";

  /** An address names nobody that could be made to point elsewhere. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

  private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*]|[^:]*)(?::\\d{1,5})?");

  private final Set<String> names;
  private final @Nullable String token;

  /**
   * A gate.
   *
   * @param names of this host beside the loopback's
   * @param token that is to be shown, or null for none
   */
  Gate(Set<String> names, @Nullable String token) {
    this.names = Set.copyOf(names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    this.token = token;
  }

  /**
   * What a request shows of itself.
   *
   * @param host the header of that name, or null
   * @param authorization likewise
   * @param cookie the value of the cookie of {@link #cookieName}, or null
   * @param loopback whether it came in by the loopback
   */
  record Shown(
      @Nullable String host,
      @Nullable String authorization,
      @Nullable String cookie,
      boolean loopback) {}

  /**
   * What a request is refused with.
   *
   * @param status of HTTP
   * @param why one sentence
   */
  record Refusal(int status, String why) {}

  /** Why a request is not answered; empty where it is. */
  Optional<Refusal> refusal(Shown shown) {
    if (!named(shown.host())) {
      return Optional.of(
          new Refusal(421, "This page is not served under that name; ask for it by localhost."));
    }
    if (token == null && !shown.loopback()) {
      return Optional.of(new Refusal(403, "Without a token this page is for this host alone."));
    }
    return token == null || knows(shown)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                401, "This page wants its token: open it once as /?token=TOKEN in this browser."));
  }

  /** The cookie for who shows this token; empty where it is none. */
  Optional<String> cookie(String shown) {
    return token != null && same(shown, token) ? Optional.of(proof(token)) : Optional.empty();
  }

  /** Servers of one host have one each: a cookie does not know ports. */
  static String cookieName(int port) {
    return COOKIE + port;
  }

  private boolean named(@Nullable String host) {
    Matcher parts = HOST.matcher(host == null ? "" : host.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      return false;
    }
    String name = parts.group(1);
    return LOOPBACK.contains(name) || names.contains(name) || ADDRESS.matcher(name).matches();
  }

  private boolean knows(Shown shown) {
    String secret = token == null ? "" : token;
    String bearer = shown.authorization();
    return (bearer != null && bearer.startsWith(BEARER) && same(borne(bearer), secret))
        || (shown.cookie() != null && same(shown.cookie(), proof(secret)));
  }

  private static String borne(String authorization) {
    return authorization.substring(BEARER.length()).strip();
  }

  /** Of the token, which may have letters that a cookie may not. */
  private static String proof(String token) {
    return Sha256.of(("sweep-runner page " + token).getBytes(UTF_8));
  }

  /** Takes as long whatever was shown. */
  private static boolean same(String shown, String secret) {
    return MessageDigest.isEqual(
        Sha256.of(shown.getBytes(UTF_8)).getBytes(UTF_8),
        Sha256.of(secret.getBytes(UTF_8)).getBytes(UTF_8));
  }
}
