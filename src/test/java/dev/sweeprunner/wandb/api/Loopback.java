package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;

/** A server that gives the answers it was told to give, in that order, and remembers requests. */
final class Loopback implements AutoCloseable {
  /** Of every answer that is given no other. */
  static final String DATE = "Mon, 23 Nov 2026 18:00:00 GMT";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final String scheme;

  private Loopback(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  static Loopback http() throws IOException {
    return new Loopback(HttpServer.create(loopback(), 0), "http");
  }

  static Loopback https(SSLContext context) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new Loopback(server, "https");
  }

  /** Its base URL. */
  URI base() {
    return URI.create(scheme + "://localhost:" + server.getAddress().getPort());
  }

  /** Another answer with status 200. */
  Loopback says(String body) {
    return says(200, body);
  }

  /** Another answer; {@code headers} are names and values in turn. */
  Loopback says(int status, String body, String... headers) {
    return with(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
          }
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  /** Takes the request and then hangs up without a word. */
  Loopback dropsAfterReading() {
    return with(exchange -> {});
  }

  /** Breaks off in the middle of a body. */
  Loopback breaksOff(String body) {
    return with(
        exchange -> {
          exchange.sendResponseHeaders(200, body.length() + 100L);
          exchange.getResponseBody().write(body.getBytes(UTF_8));
          exchange.getResponseBody().flush();
        });
  }

  /** Another answer. */
  Loopback with(Answer answer) {
    answers.add(answer);
    return this;
  }

  List<Request> requests() {
    return requests;
  }

  /** The only request so far, or the newest. */
  Request newest() {
    return requests.get(requests.size() - 1);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              exchange.getRequestHeaders(),
              new String(body, UTF_8)));
      Answer answer = answers.poll();
      if (answer == null) {
        exchange.sendResponseHeaders(418, -1);
      } else {
        answer.give(exchange);
      }
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** What the server does with a request. */
  @FunctionalInterface
  interface Answer {
    void give(HttpExchange exchange) throws IOException;
  }

  /** A request that came. */
  record Request(String method, String path, Headers headers, String body) {
    Fields json() throws UnreadableJson {
      return Fields.of(body.getBytes(UTF_8));
    }

    /** The variables of a GraphQL request. */
    Fields variables() throws UnreadableJson {
      return json().object("variables");
    }

    String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }
}
