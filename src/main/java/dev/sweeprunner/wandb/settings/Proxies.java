package dev.sweeprunner.wandb.settings;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The proxy for an address, as the official client chooses it: the settings {@code http_proxy} and
 * {@code https_proxy} ({@code WANDB_HTTP_PROXY}, {@code WANDB_HTTPS_PROXY}) by the scheme of the
 * request, for every host, whatever {@code NO_PROXY} says and loopback too: who names a proxy for
 * W&amp;B alone means it. For a scheme without one, the variables that every program reads, of
 * which the upper-case name counts first; they do not hold for the hosts of {@code NO_PROXY}, nor
 * for {@code localhost} and loopback addresses. Immutable; any thread.
 */
final class Proxies implements Function<URI, Optional<ProxyAddress>> {
  private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);

  private final Map<String, ProxyAddress> own = new HashMap<>();
  private final Map<String, ProxyAddress> common = new HashMap<>();
  private final NoProxy direct;

  /**
   * Reads them.
   *
   * @param settings from files and variables, by name
   * @throws dev.sweeprunner.problem.UserError for an address of a proxy that is none; a variable
   *     that W&amp;B's own overrides is not looked at
   */
  Proxies(Map<String, Given> settings, Map<String, String> environment) {
    for (String scheme : PORTS.keySet()) {
      String name = scheme + "_proxy";
      Optional<Given> given = Optional.ofNullable(settings.get(name));
      if (given.isPresent()) {
        own.put(scheme, ProxyUrl.withScheme(given.get()));
      } else {
        standard(environment, name).ifPresent(g -> common.put(scheme, ProxyUrl.lenient(g)));
      }
    }
    this.direct = new NoProxy(standard(environment, "no_proxy").map(Given::value).orElse(""));
  }

  @Override
  public Optional<ProxyAddress> apply(URI address) {
    String scheme = Optional.ofNullable(address.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    Optional<ProxyAddress> always = Optional.ofNullable(own.get(scheme));
    if (always.isPresent()) {
      return always;
    }
    String host = Optional.ofNullable(address.getHost()).orElse("");
    int port = address.getPort() < 0 ? PORTS.getOrDefault(scheme, 0) : address.getPort();
    return Optional.ofNullable(common.get(scheme)).filter(proxy -> !direct.covers(host, port));
  }

  private static Optional<Given> standard(Map<String, String> environment, String name) {
    return List.of(name.toUpperCase(Locale.ROOT), name).stream()
        .filter(variable -> !environment.getOrDefault(variable, "").isBlank())
        .map(variable -> new Given(name, environment.getOrDefault(variable, ""), variable))
        .findFirst();
  }
}
