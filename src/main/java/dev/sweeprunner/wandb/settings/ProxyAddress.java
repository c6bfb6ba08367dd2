package dev.sweeprunner.wandb.settings;

import org.jspecify.annotations.Nullable;

/**
 * A proxy.
 *
 * @param host name or address
 * @param port its port
 * @param user of Basic authentication, or null
 * @param password of Basic authentication, or null
 */
public record ProxyAddress(
    String host, int port, @Nullable String user, @Nullable String password) {
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
