package dev.sweeprunner.wandb.settings;

import dev.sweeprunner.problem.UserError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a proxy: {@code http://user:password@host:port}, port 80 where none is given. User
 * and password are percent-encoded. No refusal shows any part of it: a stray {@code @} or {@code /}
 * makes a piece of the password look like anything else.
 */
final class ProxyUrl {
  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://(.*)");
  private static final Pattern AUTHORITY = Pattern.compile("([^/?#]*)([/?#].*)?");
  private static final Pattern HOST_PORT =
      Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[\\p{L}\\p{N}._-]+)(?::(\\d{0,5}))?");
  private static final int HTTP_PORT = 80;
  private static final int LAST_PORT = 65_535;

  private final Given given;

  private ProxyUrl(Given given) {
    this.given = given;
  }

  /** One that must start with {@code http://}, as W&amp;B's own variables must. */
  static ProxyAddress withScheme(Given given) {
    return new ProxyUrl(given).read(false);
  }

  /** One that may leave out {@code http://}, as the variables that every program reads may. */
  static ProxyAddress lenient(Given given) {
    return new ProxyUrl(given).read(true);
  }

  private ProxyAddress read(boolean lenient) {
    String text = given.value().strip();
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches()) {
      if (!scheme.group(1).toLowerCase(Locale.ROOT).equals("http")) {
        throw wrong("is not reached over http://, and no other kind of proxy is supported");
      }
      return authority(scheme.group(2));
    }
    if (!lenient) {
      throw wrong("does not start with http://");
    }
    return authority(text);
  }

  private ProxyAddress authority(String text) {
    Matcher parts = AUTHORITY.matcher(text);
    if (!parts.matches() || (parts.group(2) != null && parts.group(2).contains("@"))) {
      throw wrong("has a / ? or # before its @");
    }
    String authority = parts.group(1);
    int at = authority.lastIndexOf('@');
    Matcher hostPort = HOST_PORT.matcher(authority.substring(at + 1));
    if (!hostPort.matches()) {
      throw wrong("does not name a host and a port");
    }
    String host = hostPort.group(1).replaceAll("[\\[\\]]", "");
    int port = port(hostPort.group(2));
    if (at < 0) {
      return new ProxyAddress(host, port, null, null);
    }
    String userInfo = authority.substring(0, at);
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    String password = colon < 0 ? "" : userInfo.substring(colon + 1);
    return new ProxyAddress(host, port, decoded(user), decoded(password));
  }

  private int port(@Nullable String digits) {
    if (digits == null || digits.isEmpty()) {
      return HTTP_PORT;
    }
    int port = Integer.parseInt(digits);
    if (port < 1 || port > LAST_PORT) {
      throw wrong("has a port that is not between 1 and " + LAST_PORT);
    }
    return port;
  }

  private String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong("has a % in its user or password that no two hexadecimal digits follow");
    }
  }

  private UserError wrong(String what) {
    return given.wrong(
        "the proxy " + what,
        "Write http://host:port or http://user:password@host:port, with @ / : # ? % in user and"
            + " password as %40 %2F %3A %23 %3F %25");
  }
}
