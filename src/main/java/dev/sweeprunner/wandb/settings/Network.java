package dev.sweeprunner.wandb.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How W&amp;B is reached. The values of headers may be secrets: they are not in {@code toString}.
 *
 * @param proxy the proxy for an address, if it goes through one
 * @param authorities PEM files or folders of further certificate authorities
 * @param insecure whether certificates are not checked
 * @param headers sent with every request
 * @param timeout of one GraphQL request
 */
public record Network(
    Function<URI, Optional<ProxyAddress>> proxy,
    List<Path> authorities,
    boolean insecure,
    Map<String, String> headers,
    Duration timeout) {
  @Override
  public String toString() {
    return "Network[authorities="
        + authorities
        + ", insecure="
        + insecure
        + ", headers="
        + headers.keySet()
        + ", timeout="
        + timeout
        + "]";
  }
}
