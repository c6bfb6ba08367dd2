package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.wandb.api.Transport.Response;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What went wrong with one try, as one sentence and as one kind of failure. */
final class FailureMapper {
  private static final Pattern TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");
  private static final int UNAUTHORISED = 401;
  private static final int PROXY_UNAUTHORISED = 407;

  private final ProxyRoute route;
  private final SecretRedactor secretRedactor;
  private final Supplier<Instant> clock;

  FailureMapper(ProxyRoute route, SecretRedactor secretRedactor, Supplier<Instant> clock) {
    this.route = route;
    this.secretRedactor = secretRedactor;
    this.clock = clock;
  }

  /** Whatever a client threw. */
  Setback of(Call call, Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    if (chain.stream()
        .anyMatch(
            link -> link instanceof IOException || link instanceof UnresolvedAddressException)) {
      return disconnected(call, chain);
    }
    if (chain.stream().anyMatch(IllegalArgumentException.class::isInstance)) {
      String what = "a header or address for W&B holds characters that cannot be sent";
      return setback(Kind.REFUSED, what + "; check the user name, e-mail and further headers");
    }
    return unreadable(call, Why.of(chain.get(chain.size() - 1)));
  }

  /** An answer that is not what was asked for. */
  Setback unreadable(Call call, String problem) {
    String words = Words.shortened(secretRedactor.clean(problem));
    String text =
        place(call) + " answers something else than asked for " + call.what() + ": " + words;
    return setback(Kind.UNREADABLE, text, true, true, null);
  }

  /** An answer of status 200 that tells of errors. */
  Setback complaint(Call call, String words) {
    String lower = words.toLowerCase(Locale.ROOT);
    if (lower.contains("rate limit")) {
      return setback(Kind.LIMITED, said(call, "", words, ""), true, false, null);
    }
    if (Stream.of("permission", "forbidden", "access denied").anyMatch(lower::contains)) {
      return setback(Kind.FORBIDDEN, said(call, "", words, way(403)));
    }
    if (Stream.of("not found", "could not find").anyMatch(lower::contains)) {
      return setback(Kind.NOT_FOUND, said(call, "", words, way(404)));
    }
    boolean passing =
        Stream.of("internal", "timeout", "timed out", "deadline", "unavailable", "try again")
            .anyMatch(lower::contains);
    Kind kind = passing ? Kind.UNREACHABLE : Kind.REFUSED;
    return setback(kind, said(call, "", words, ""), passing, passing, null);
  }

  /** No credential; {@code why} says where it was looked for. */
  Setback anonymous(String why) {
    return setback(Kind.UNAUTHORISED, why + "; " + way(401));
  }

  /** An answer whose status is no success. */
  Setback rejected(Call call, Response response) {
    int status = response.status();
    HttpHeaders headers = response.headers();
    String body = new String(response.body(), UTF_8);
    if (status == PROXY_UNAUTHORISED || fromProxy(call, status, body)) {
      return proxyRefuses(call, status);
    }
    Instant now = clock.get();
    Duration pause = Pauses.retryAfter(headers, now);
    Kind kind = kind(status);
    Duration told = pause == null && kind == Kind.LIMITED ? Pauses.quota(headers) : pause;
    String words = status / 100 == 3 ? redirect(call, headers) : Words.of(body);
    WandbFailure failure =
        new WandbFailure(
            kind, said(call, Integer.toString(status), words, way(status)), told, null);
    boolean unanswered = status == 408 || status >= 500;
    return new Setback(failure, call.channel().triesAgain(status), unanswered, pause);
  }

  private Setback disconnected(Call call, List<Throwable> chain) {
    Throwable last = chain.get(chain.size() - 1);
    for (Throwable link : chain) {
      Matcher tunnel = TUNNEL.matcher(String.valueOf(link.getMessage()));
      if (tunnel.find()) {
        return tunnelFails(call, Integer.parseInt(tunnel.group(1)));
      }
    }
    if (Handshakes.metPlainText(chain)) {
      return setback(
          Kind.REFUSED, place(call) + " does not speak TLS; check WANDB_BASE_URL and the proxy");
    }
    if (Handshakes.failed(chain)) {
      String text =
          place(call)
              + " cannot be trusted: "
              + Words.shortened(secretRedactor.clean(Handshakes.reason(chain)))
              + "; if it has an authority of its own, name that one's PEM file in SSL_CERT_FILE";
      return setback(Kind.REFUSED, text, false, false, last);
    }
    boolean before =
        chain.stream()
            .anyMatch(
                link ->
                    link instanceof ConnectException
                        || link instanceof HttpConnectTimeoutException
                        || link instanceof UnknownHostException
                        || link instanceof UnresolvedAddressException);
    String text =
        (place(call) + " cannot be reached" + through(call.address()))
            + (" when asked for " + call.what() + ": " + reason(chain));
    return setback(Kind.UNREACHABLE, text, true, !before, last);
  }

  private String reason(List<Throwable> chain) {
    boolean unknown =
        chain.stream()
            .anyMatch(
                link ->
                    link instanceof UnknownHostException
                        || link instanceof UnresolvedAddressException);
    if (unknown) {
      return "the name cannot be resolved";
    }
    for (Throwable link : chain) {
      if (link instanceof HttpConnectTimeoutException) {
        return "no connection in time";
      }
      if (link instanceof HttpTimeoutException) {
        return "no answer in time";
      }
      if (link instanceof ConnectException) {
        return "connection refused";
      }
    }
    Throwable last = chain.get(chain.size() - 1);
    return "connection lost"
        + (last.getMessage() == null
            ? ""
            : " (" + Words.shortened(secretRedactor.clean(Why.of(last))) + ")");
  }

  /** Some proxies, tinyproxy for one, answer a wrong password with 401 and a page of their own. */
  private boolean fromProxy(Call call, int status, String body) {
    return status == UNAUTHORISED
        && "http".equals(call.address().getScheme())
        && route.to(call.address()).isPresent()
        && body.stripLeading().startsWith("<");
  }

  private Setback proxyRefuses(Call call, int status) {
    String proxy = route.to(call.address()).map(Object::toString).orElse("in between");
    String text =
        "the proxy " + proxy + " does not accept the user name and password (" + status + ")";
    return setback(
        Kind.REFUSED, text + "; correct them in WANDB_HTTPS_PROXY, HTTPS_PROXY or HTTP_PROXY");
  }

  private Setback tunnelFails(Call call, int status) {
    if (status == PROXY_UNAUTHORISED || status == UNAUTHORISED) {
      return proxyRefuses(call, status);
    }
    String proxy = route.to(call.address()).map(Object::toString).orElse("in between");
    String text = "the proxy " + proxy + " does not connect to " + host(call) + " (" + status + ")";
    boolean passing = status >= 500;
    return setback(passing ? Kind.UNREACHABLE : Kind.REFUSED, text, passing, false, null);
  }

  private String redirect(Call call, HttpHeaders headers) {
    URI target = null;
    try {
      target = headers.firstValue("Location").map(call.address()::resolve).orElse(null);
    } catch (IllegalArgumentException e) {
      return "a redirect that cannot be read";
    }
    return target == null
        ? "a redirect without a target"
        : "a redirect to " + target.getScheme() + "://" + target.getAuthority();
  }

  private String said(Call call, String status, String words, String way) {
    String number = status.isEmpty() ? "" : " " + status;
    String quote = words.isEmpty() ? "" : ": " + secretRedactor.clean(words);
    String exit = way.isEmpty() ? "" : "; " + way;
    String verb = number.isEmpty() ? " says no" : " answers" + number;
    return place(call) + verb + " when asked for " + call.what() + quote + exit;
  }

  private String way(int status) {
    return switch (status) {
      case 401 ->
          "set WANDB_API_KEY to a valid key, store one by `wandb login`, or run with --wandb"
              + " offline or --wandb disabled";
      case 403 -> "use a key that may do this, or another entity (--entity)";
      case 404 -> "check entity, project and WANDB_BASE_URL";
      default -> status / 100 == 3 ? "check WANDB_BASE_URL" : "";
    };
  }

  private static Kind kind(int status) {
    return switch (status) {
      case 401 -> Kind.UNAUTHORISED;
      case 403 -> Kind.FORBIDDEN;
      case 404 -> Kind.NOT_FOUND;
      case 408 -> Kind.UNREACHABLE;
      case 429 -> Kind.LIMITED;
      default -> status >= 500 && status != 501 ? Kind.UNREACHABLE : Kind.REFUSED;
    };
  }

  private static Setback setback(Kind kind, String text) {
    return setback(kind, text, false, false, null);
  }

  private static Setback setback(
      Kind kind, String text, boolean passing, boolean unanswered, @Nullable Throwable cause) {
    return new Setback(new WandbFailure(kind, text, null, cause), passing, unanswered, null);
  }

  private String place(Call call) {
    boolean storage = call.channel().leavesTheServer();
    return (storage ? "W&B's storage at " : "W&B at ") + host(call);
  }

  private String host(Call call) {
    String host = call.address().getHost();
    int port = call.address().getPort();
    return port < 0 ? String.valueOf(host) : host + ":" + port;
  }

  private String through(URI address) {
    return route.to(address).map(proxy -> " through the proxy " + proxy).orElse("");
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = thrown; link != null && !chain.contains(link); link = link.getCause()) {
      chain.add(link);
    }
    return chain;
  }
}
