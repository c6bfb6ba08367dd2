package dev.sweeprunner.testkit.wandb;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes every request: reads, spoils it where a fault is due, answers, writes it down. */
final class Front implements HttpHandler {
  private final RunBook book;
  private final Faults faults;
  private final RequestLog log;
  private final Violations violations;
  private final Endpoint endpoint;

  Front(RunBook book, Faults faults, RequestLog log, Violations violations, Endpoint endpoint) {
    this.book = book;
    this.violations = violations;
    this.faults = faults;
    this.log = log;
    this.endpoint = endpoint;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request = Request.read(exchange, book.now());
      Channel channel = Channel.of(request.path());
      if (channel != null && faults.outage()) {
        log.add(request, "", new Outcome(0, 0, Fault.DROP_BEFORE));
        return;
      }
      Fault fault = faults.draw(channel);
      Answer answer = guarded(request, fault);
      boolean dropped = fault == Fault.DROP_BEFORE || fault == Fault.DROP_AFTER;
      if (channel != null) {
        Outcome outcome =
            dropped
                ? new Outcome(0, 0, fault)
                : new Outcome(answer.status(), answer.body().length, fault);
        log.add(request, answer.operation(), outcome);
      }
      if (!dropped) {
        send(exchange, answer);
      }
    }
  }

  /** A mistake of the fake's own must not look like a fault that was ordered. */
  private Answer guarded(Request request, @Nullable Fault fault) {
    try {
      return answer(request, fault);
    } catch (RuntimeException own) {
      violations.add("the fake itself failed: " + own);
      return Answer.error(500, "internal error");
    }
  }

  private Answer answer(Request request, @Nullable Fault fault) {
    if (fault == null) {
      return endpoint.answer(request, null);
    }
    return switch (fault) {
      case LATENCY -> late(request);
      case DROP_BEFORE -> Answer.ok(null);
      case ERROR_500 -> Answer.error(500, "internal error");
      case BAD_GATEWAY -> Answer.html(502, "502 Bad Gateway");
      case LIMITED -> Answer.error(429, "rate limit exceeded");
      case LIMITED_RETRY_AFTER -> limited();
      case FORBIDDEN -> Answer.error(403, "permission denied");
      case NOT_FOUND -> Answer.error(404, "not found");
      case CONFLICT -> Answer.error(409, "conflict");
      case DROP_AFTER, WRONG_PAGE -> endpoint.answer(request, fault);
      case TRUNCATED -> truncated(endpoint.answer(request, fault));
      case NAN -> withNan(endpoint.answer(request, fault));
    };
  }

  private Answer late(Request request) {
    try {
      Thread.sleep(faults.latency().toMillis());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    return endpoint.answer(request, Fault.LATENCY);
  }

  private static Answer limited() {
    return Answer.error(429, "rate limit exceeded")
        .with(Map.of("Retry-After", "1", "RateLimit-Remaining", "0", "RateLimit-Reset", "1"));
  }

  private static Answer truncated(Answer answer) {
    return answer.withBody(Arrays.copyOf(answer.body(), answer.body().length / 2));
  }

  private static Answer withNan(Answer answer) {
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (!text.startsWith("{")) {
      return answer;
    }
    String rest = text.equals("{}") ? "}" : "," + text.substring(1);
    String spoilt = "{\"extensions\":{\"cost\":NaN,\"left\":-Infinity}" + rest;
    return answer.withBody(spoilt.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    int length = answer.body().length;
    exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
    if (length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(answer.body());
      }
    }
  }
}
