package dev.sweeprunner.wandb.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** Stands before a server and rewrites what is said, so that the server seems to be another one. */
public final class Meddler implements AutoCloseable {
  private final String behind;
  private final UnaryOperator<String> asked;
  private final UnaryOperator<String> answered;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  public Meddler(String behind, UnaryOperator<String> asked, UnaryOperator<String> answered)
      throws IOException {
    this.behind = behind;
    this.asked = asked;
    this.answered = answered;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(behind + exchange.getRequestURI()))
              .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(asked.apply(body)))
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
      byte[] bytes = answered.apply(answer.body()).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.statusCode(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
