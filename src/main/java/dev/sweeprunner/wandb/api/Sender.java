package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.wandb.settings.Account;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Puts the headers on each request and takes what is no success out of Spring's hands: the GraphQL
 * client keeps bodies of errors only for some statuses and media types.
 */
final class Sender implements ClientHttpRequestInterceptor {
  private static final int MOST_ERROR_BYTES = 64 * 1024;

  private final Account account;
  private final ProxyRoute route;
  private final String agent;

  Sender(Account account, ProxyRoute route, String version) {
    this.account = account;
    this.route = route;
    this.agent = "sweep-runner/" + version;
  }

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    if (!(request.getAttributes().get(Call.ATTRIBUTE) instanceof Call call)) {
      throw new IllegalStateException("a request without a call");
    }
    address(request, call);
    ClientHttpResponse response = execution.execute(request, body);
    call.answeredAt(Pauses.date(response.getHeaders()));
    int status = response.getStatusCode().value();
    if (status / 100 == 2) {
      return response;
    }
    try (response) {
      byte[] words = response.getBody().readNBytes(MOST_ERROR_BYTES);
      throw new Rejected(status, response.getHeaders(), new String(words, UTF_8));
    }
  }

  private void address(HttpRequest request, Call call) {
    HttpHeaders headers = request.getHeaders();
    headers.set(HttpHeaders.USER_AGENT, agent);
    account
        .network()
        .headers()
        .forEach(
            (name, value) -> {
              boolean ours = name.equalsIgnoreCase(HttpHeaders.AUTHORIZATION);
              if (!ours || !call.channel().leavesTheServer()) {
                headers.set(name, value);
              }
            });
    String authorization = call.authorization();
    if (authorization != null) {
      headers.set(HttpHeaders.AUTHORIZATION, authorization);
    }
    if (call.channel().namesTheUser()) {
      headers.set("X-WANDB-USERNAME", account.username());
      headers.set("X-WANDB-USER-EMAIL", account.email());
    }
    route
        .authorization(call.address())
        .ifPresent(value -> headers.set(HttpHeaders.PROXY_AUTHORIZATION, value));
  }
}
