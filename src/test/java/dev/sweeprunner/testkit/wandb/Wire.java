package dev.sweeprunner.testkit.wandb;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plain HTTP client for a fake server: no retries, no opinions. */
final class Wire {
  static final String KEY = "0123456789abcdef0123456789abcdef01234567";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final String authorization;

  Wire(FakeWandbServer server) {
    this(server, KEY);
  }

  Wire(FakeWandbServer server, String key) {
    url = server.url();
    byte[] pair = ("api:" + key).getBytes(StandardCharsets.UTF_8);
    authorization = "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(request(path, body).header("Authorization", authorization));
  }

  HttpResponse<String> postWithoutKey(String path, String body)
      throws IOException, InterruptedException {
    return send(request(path, body));
  }

  HttpResponse<String> put(String absolute, String body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(absolute))
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url + path)));
  }

  HttpResponse<String> graphQl(String document, Map<String, ?> variables)
      throws IOException, InterruptedException {
    return post("/graphql", Json.text(Map.of("query", document, "variables", variables)));
  }

  /** The data of an answer that must be a good one. */
  Map<String, @Nullable Object> data(String document, Map<String, ?> variables)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = graphQl(document, variables);
    Object data = Json.object(answer.body()).get("data");
    if (answer.statusCode() != 200 || data == null) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return Json.members(data);
  }

  /** Creates or changes a run of project p; returns the payload. */
  Map<String, @Nullable Object> upsert(String name, Map<String, ?> more)
      throws IOException, InterruptedException {
    Map<String, Object> input = new LinkedHashMap<>(Map.of("name", name, "modelName", "p"));
    input.putAll(more);
    String document =
        "mutation Up($in: UpsertBucketInput!) { upsertBucket(input: $in) { inserted bucket {"
            + " id name state config summaryMetrics group notes displayName historyLineCount } } }";
    return Json.members(data(document, Map.of("in", input)).get("upsertBucket"));
  }

  HttpResponse<String> stream(String name, String body) throws IOException, InterruptedException {
    return post("/files/fake-entity/p/" + name + "/file_stream", body);
  }

  /** A post with history lines. */
  static String history(int offset, String... lines) {
    return Json.text(
        Map.of(
            "files",
            Map.of("wandb-history.jsonl", Map.of("offset", offset, "content", List.of(lines)))));
  }

  private HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
  }
}
