package dev.sweeprunner.wandb.api;

import dev.sweeprunner.wandb.settings.Account;
import dev.sweeprunner.wandb.settings.Credential;
import dev.sweeprunner.wandb.settings.ProxyAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Takes secrets out of text that comes from elsewhere: a server or a proxy may repeat them. */
final class SecretRedactor {
  private final List<String> known;
  private final Supplier<Stream<String>> tokens;

  /**
   * For one account.
   *
   * @param account with its key, proxy and further headers
   * @param tokens secrets that come and go
   */
  SecretRedactor(Account account, Supplier<Stream<String>> tokens) {
    List<String> secrets = new ArrayList<>();
    if (account.credential() instanceof Credential.ApiKey key) {
      secrets.add(key.secret());
      secrets.add(Tokens.pair("api", key.secret()));
    }
    account
        .network()
        .proxy()
        .apply(account.baseUrl())
        .map(ProxyAddress::password)
        .ifPresent(secrets::add);
    secrets.addAll(account.network().headers().values());
    secrets.sort(Comparator.comparing(String::length).reversed());
    this.known = List.copyOf(secrets);
    this.tokens = tokens;
  }

  /** The text with every secret replaced. */
  String clean(String text) {
    String cleaned = text;
    for (String secret : Stream.concat(tokens.get(), known.stream()).toList()) {
      if (!secret.isBlank()) {
        cleaned = cleaned.replace(secret, "***");
      }
    }
    return cleaned;
  }
}
