package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.settings.Account;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.client.HttpSyncGraphQlClient;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import reactor.core.scheduler.Schedulers;

/** Sends one request once and turns whatever comes back into an answer or a {@link Setback}. */
final class Transport {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);

  private final Account account;
  private final ClientPorts ports;
  private final HttpClient http;
  private final ExecutorService threads;
  private final Sender sender;
  private final FailureMapper failureMapper;
  private final Tokens tokens;
  private final Map<Channel, RestClient> clients = new EnumMap<>(Channel.class);
  private final HttpSyncGraphQlClient graphQl;

  private Transport(Transport base, Patience patience) {
    this.account = base.account;
    this.ports = base.ports;
    this.http = base.http;
    this.threads = base.threads;
    this.sender = base.sender;
    this.failureMapper = base.failureMapper;
    this.tokens = base.tokens;
    this.graphQl = open(patience);
  }

  Transport(Account account, Patience patience, ClientPorts ports) {
    this.account = account;
    this.ports = ports;
    ProxyRoute route = new ProxyRoute(account.network());
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "wandb-http");
              thread.setDaemon(true);
              return thread;
            });
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .executor(threads)
            .proxy(route);
    Trust.context(account.network().authorities(), account.network().insecure())
        .ifPresent(builder::sslContext);
    this.http = builder.build();
    this.sender = new Sender(account, route, ports.version());
    this.tokens = new Tokens(account, ports.clock());
    SecretRedactor secretRedactor = new SecretRedactor(account, tokens::secrets);
    this.failureMapper = new FailureMapper(account, route, secretRedactor, ports.clock());
    this.graphQl = open(patience);
  }

  /** The same connections with other time limits. */
  Transport with(Patience patience) {
    return new Transport(this, patience);
  }

  FailureMapper failureMapper() {
    return failureMapper;
  }

  HttpSyncGraphQlClient graphQl() {
    return graphQl;
  }

  /** An address below the base URL. */
  URI address(String path) {
    return URI.create(account.baseUrl() + path);
  }

  /** A try of a request to the server, with its authorization. */
  Call call(Channel channel, URI address, String what) throws Setback {
    return new Call(channel, address, what, tokens.authorization(this::exchange, failureMapper));
  }

  /** A failed try; a token that was refused is forgotten. */
  Setback setback(Call call, Throwable thrown) {
    Setback setback = failureMapper.of(call, thrown);
    if (setback.failure().kind() == WandbFailure.Kind.UNAUTHORISED) {
      tokens.forget();
    }
    return setback;
  }

  /** Sends bytes; the answer's body. */
  byte[] send(
      Call call,
      HttpMethod method,
      MediaType type,
      byte[] body,
      List<Map.Entry<String, String>> more)
      throws Setback {
    RestClient client = clients.get(call.channel());
    if (client == null) {
      throw new IllegalStateException("no client for " + call.channel());
    }
    try {
      byte[] answer =
          client
              .method(method)
              .uri(call.address())
              .attribute(Call.ATTRIBUTE, call)
              .contentType(type)
              .headers(headers -> more.forEach(one -> headers.set(one.getKey(), one.getValue())))
              .body(body)
              .exchange((request, response) -> response.getBody().readAllBytes());
      return answer == null ? new byte[0] : answer;
    } catch (RestClientException | Rejected | IllegalArgumentException e) {
      throw setback(call, e);
    }
  }

  private Tokens.Token exchange(String assertion) throws Setback {
    Call call = new Call(Channel.TOKEN, address("/oidc/token"), "an access token", null);
    String form =
        "grant_type="
            + URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", UTF_8)
            + "&assertion="
            + URLEncoder.encode(assertion, UTF_8);
    byte[] body =
        send(
            call,
            HttpMethod.POST,
            MediaType.APPLICATION_FORM_URLENCODED,
            form.getBytes(UTF_8),
            List.of());
    try {
      Fields answer = new Fields(Json.object(body));
      Double seconds = answer.decimalOrNull("expires_in");
      Duration life =
          seconds == null || seconds.isNaN() ? TOKEN_LIFE : Duration.ofSeconds(seconds.longValue());
      return Tokens.Token.lasting(answer.text("access_token"), ports.clock().get(), life);
    } catch (UnreadableJson e) {
      throw failureMapper.unreadable(call, String.valueOf(e.getMessage()));
    }
  }

  private HttpSyncGraphQlClient open(Patience patience) {
    for (Channel channel : Channel.values()) {
      Duration timeout = channel.timeout(account.network().timeout());
      clients.put(channel, client(shorter(timeout, patience.each())));
    }
    RestClient json = clients.get(Channel.GRAPHQL);
    if (json == null) {
      throw new IllegalStateException("no client for GraphQL");
    }
    return HttpSyncGraphQlClient.builder(json)
        .url(address("/graphql"))
        .scheduler(Schedulers.immediate())
        .build();
  }

  private RestClient client(Duration timeout) {
    JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http, threads);
    factory.setReadTimeout(timeout);
    return RestClient.builder()
        .requestFactory(factory)
        .requestInterceptor(sender)
        .configureMessageConverters(
            converters -> converters.registerDefaults().withJsonConverter(new JsonBodies()))
        .build();
  }

  private static Duration shorter(Duration one, @Nullable Duration other) {
    return other != null && other.compareTo(one) < 0 ? other : one;
  }
}
