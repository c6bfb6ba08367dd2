package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.settings.Account;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/** Sends one request once and turns whatever comes back into an answer or a {@link Setback}. */
final class Transport {
  static final String JSON = "application/json";

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);
  private static final int MOST_ERROR_BYTES = 64 * 1024;

  /** Bytes per second that every line is thought to carry. */
  private static final long SLOWEST = 256 * 1024;

  /** The JDK's client sets these itself and throws where somebody else does. */
  private static final Set<String> NOT_OURS =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final Account account;
  private final ClientPorts ports;
  private final Duration longest;
  private final HttpClient http;
  private final ExecutorService threads;
  private final ProxyRoute route;
  private final FailureMapper failureMapper;
  private final Tokens tokens;

  private Transport(Transport base, Patience patience) {
    this.account = base.account;
    this.ports = base.ports;
    this.longest = patience.each();
    this.http = base.http;
    this.threads = base.threads;
    this.route = base.route;
    this.failureMapper = base.failureMapper;
    this.tokens = base.tokens;
  }

  Transport(Account account, Patience patience, ClientPorts ports) {
    this.account = account;
    this.ports = ports;
    this.longest = patience.each();
    this.route = new ProxyRoute(account.network());
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
    this.tokens = new Tokens(account, ports.clock());
    SecretRedactor secretRedactor = new SecretRedactor(account, tokens::secrets);
    this.failureMapper = new FailureMapper(route, secretRedactor, ports.clock());
  }

  /**
   * What came back.
   *
   * @param body whole where the status is a success, else its beginning
   */
  record Response(int status, HttpHeaders headers, byte[] body) {}

  /** What is sent, anew for each try. */
  @FunctionalInterface
  interface Body {
    /** The body from its beginning. */
    HttpRequest.BodyPublisher open() throws IOException;
  }

  /** The same connections with other time limits. */
  Transport with(Patience patience) {
    return new Transport(this, patience);
  }

  FailureMapper failureMapper() {
    return failureMapper;
  }

  /** An address below the base URL. */
  URI address(String path) {
    return URI.create(account.baseUrl() + path);
  }

  /** A try of a request to the server, with its authorization. */
  Call call(Channel channel, URI address, String what) throws Setback {
    return new Call(channel, address, what, tokens.authorization(this::exchange, failureMapper));
  }

  /**
   * Sends bytes; the answer, of which the status is a success. A token that was refused is
   * forgotten.
   *
   * @param more headers, those of the account aside
   */
  Response send(Call call, String method, String type, byte[] body, Map<String, String> more)
      throws Setback {
    return send(call, method, type, () -> HttpRequest.BodyPublishers.ofByteArray(body), more);
  }

  /** As the other {@code send}, of a body that is read as it is sent. */
  Response send(Call call, String method, String type, Body body, Map<String, String> more)
      throws Setback {
    Setback setback;
    long began = ports.traffic().begin();
    try {
      HttpRequest.BodyPublisher content = body.open();
      HttpRequest request = request(call, method, type, content, more);
      Response response = answer(request, limit(call.channel(), content.contentLength()));
      if (response.status() / 100 == 2) {
        ports.traffic().answer(began);
        return response;
      }
      setback = failureMapper.rejected(call, response);
    } catch (ExecutionException | IOException | IllegalArgumentException e) {
      setback = failureMapper.of(call, e);
    }
    ports.traffic().failure();
    if (setback.failure().kind() == WandbFailure.Kind.UNAUTHORISED) {
      tokens.forget();
    }
    throw setback;
  }

  /** The limit holds until the last byte of the body: the JDK's own ends with the headers. */
  private Response answer(HttpRequest request, Duration limit)
      throws IOException, ExecutionException {
    Future<Response> answer = threads.submit(() -> exchange(request));
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer within " + limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  /** A large body may take as long as a slow line needs for it. */
  private Duration limit(Channel channel, long bytes) {
    Duration usual = channel.timeout(account.network().timeout());
    Duration limit = longest.compareTo(usual) < 0 ? longest : usual;
    return limit.plusSeconds(Math.max(0, bytes) / SLOWEST);
  }

  private Response exchange(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    HttpHeaders headers = response.headers();
    boolean zipped = headers.firstValue("Content-Encoding").filter("gzip"::equals).isPresent();
    // A proxy's refusal of a tunnel has no body at all.
    try (InputStream raw =
            Objects.requireNonNullElse(response.body(), InputStream.nullInputStream());
        InputStream body = zipped ? new GZIPInputStream(raw) : raw) {
      boolean good = response.statusCode() / 100 == 2;
      return new Response(
          response.statusCode(),
          headers,
          good ? body.readAllBytes() : body.readNBytes(MOST_ERROR_BYTES));
    }
  }

  private HttpRequest request(
      Call call,
      String method,
      String type,
      HttpRequest.BodyPublisher body,
      Map<String, String> more) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.address())
            .method(method, body)
            .setHeader("Accept-Encoding", "gzip")
            .setHeader("Content-Type", type);
    more.forEach((name, value) -> set(request, name, value));
    request.setHeader("User-Agent", "sweep-runner/" + ports.version());
    account
        .network()
        .headers()
        .forEach(
            (name, value) -> {
              boolean key = name.equalsIgnoreCase("Authorization");
              if (!key || !call.channel().leavesTheServer()) {
                set(request, name, value);
              }
            });
    String authorization = call.authorization();
    if (authorization != null) {
      request.setHeader("Authorization", authorization);
    }
    if (call.channel().namesTheUser()) {
      request.setHeader("X-WANDB-USERNAME", account.username());
      request.setHeader("X-WANDB-USER-EMAIL", account.email());
    }
    route
        .authorization(call.address())
        .ifPresent(value -> request.setHeader("Proxy-Authorization", value));
    return request.build();
  }

  private static void set(HttpRequest.Builder request, String name, String value) {
    if (!NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
      request.setHeader(name, value);
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
        send(call, "POST", "application/x-www-form-urlencoded", form.getBytes(UTF_8), Map.of())
            .body();
    try {
      Fields answer = Fields.of(body);
      Double seconds = answer.decimalOrNull("expires_in");
      Duration life =
          seconds == null || seconds.isNaN() ? TOKEN_LIFE : Duration.ofSeconds(seconds.longValue());
      return Tokens.Token.lasting(answer.text("access_token"), ports.clock().get(), life);
    } catch (UnreadableJson e) {
      throw failureMapper.unreadable(call, String.valueOf(e.getMessage()));
    }
  }
}
