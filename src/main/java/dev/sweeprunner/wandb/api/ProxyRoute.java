package dev.sweeprunner.wandb.api;

import dev.sweeprunner.wandb.settings.Network;
import dev.sweeprunner.wandb.settings.ProxyAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The way to an address through the account's proxies.
 *
 * <p>A user's name and password are sent with the first request; no {@code Authenticator} is used,
 * as with one the JDK turns a 401 without a challenge into a broken connection.
 */
final class ProxyRoute extends ProxySelector {
  private final Network network;

  ProxyRoute(Network network) {
    this.network = network;
  }

  /** The proxy on the way to an address. */
  Optional<ProxyAddress> to(URI address) {
    return network.proxy().apply(address);
  }

  /** The value of {@code Proxy-Authorization} on the way to an address. */
  Optional<String> authorization(URI address) {
    return to(address)
        .filter(proxy -> proxy.user() != null)
        .map(
            proxy ->
                "Basic "
                    + Tokens.pair(
                        String.valueOf(proxy.user()),
                        Objects.requireNonNullElse(proxy.password(), "")));
  }

  @Override
  public List<Proxy> select(URI address) {
    return to(address)
        .map(
            proxy -> {
              var at = InetSocketAddress.createUnresolved(proxy.host(), proxy.port());
              return List.of(new Proxy(Proxy.Type.HTTP, at));
            })
        .orElseGet(() -> List.of(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    // The failed request tells it.
  }
}
