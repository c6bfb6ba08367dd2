package dev.sweeprunner.wandb.api;

import dev.sweeprunner.wandb.settings.Account;
import dev.sweeprunner.wandb.settings.Credential;
import dev.sweeprunner.wandb.settings.Network;
import dev.sweeprunner.wandb.settings.ProxyAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A client whose waits are written down and take no time. */
final class Rig {
  static final String KEY = "0123456789abcdef0123456789abcdef01234567";
  static final RunPath RUN = new RunPath("acme", "grid", "a1");
  static final Instant NOW = Instant.parse("2026-11-23T17:00:00Z");

  private final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
  private final URI base;
  private Credential credential = new Credential.ApiKey(KEY);
  private Optional<ProxyAddress> proxy = Optional.empty();
  private List<Path> authorities = List.of();
  private boolean insecure;
  private Map<String, String> headers = Map.of();
  private Duration timeout = Duration.ofSeconds(10);
  private Patience patience = Patience.steady();
  private Instant now = NOW;
  private final AtomicLong looks = new AtomicLong();
  private final Traffic traffic = new Traffic(() -> 1_000_000_000 * looks.getAndIncrement());

  Rig(URI base) {
    this.base = base;
  }

  Rig credential(Credential other) {
    credential = other;
    return this;
  }

  Rig proxy(ProxyAddress address) {
    proxy = Optional.of(address);
    return this;
  }

  Rig authorities(Path... files) {
    authorities = List.of(files);
    return this;
  }

  Rig insecure() {
    insecure = true;
    return this;
  }

  Rig headers(Map<String, String> more) {
    headers = more;
    return this;
  }

  Rig timeout(Duration time) {
    timeout = time;
    return this;
  }

  Rig patience(Patience other) {
    patience = other;
    return this;
  }

  /** Moves the client's clock. */
  void pass(Duration time) {
    now = now.plus(time);
  }

  /** What the client has asked; its clock goes on by a second each time it is looked at. */
  Traffic traffic() {
    return traffic;
  }

  List<Duration> waits() {
    return waits;
  }

  WandbClient client() {
    return client(waits::add);
  }

  WandbClient client(Waiting waiting) {
    Network network = new Network(address -> proxy, authorities, insecure, headers, timeout);
    Account account =
        new Account(base, base, credential, null, null, null, "ada", "ada@example.org", network);
    return WandbClient.of(
        account, patience, new ClientPorts(waiting, () -> now, 7, "1.2", traffic));
  }
}
