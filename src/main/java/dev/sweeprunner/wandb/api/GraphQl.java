package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.Documents.Document;
import dev.sweeprunner.wandb.api.Transport.Response;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks GraphQL questions until they are answered. */
final class GraphQl {
  private static final int START = 4096;

  private final Transport transport;
  private final Retries retries;
  private final Supplier<Instant> clock;

  GraphQl(Transport transport, Retries retries, Supplier<Instant> clock) {
    this.transport = transport;
    this.retries = retries;
    this.clock = clock;
  }

  /** The answer, as {@code reader} makes it of {@code data}. */
  <T> T ask(Question question, Reader<T> reader) throws WandbFailure {
    return retries.call(question.channel(), unanswered -> once(question, reader, unanswered));
  }

  private <T> T once(Question question, Reader<T> reader, boolean unanswered) throws Setback {
    Call call = transport.call(question.channel(), transport.address("/graphql"), question.what());
    Response response =
        transport.send(
            call,
            "POST",
            Transport.JSON,
            Json.bytes(question.body()),
            Map.of("Accept", Transport.JSON));
    Map<String, @Nullable Object> answer = object(call, response.body());
    if (Words.tellsOfError(answer)) {
      throw transport.failureMapper().complaint(call, Words.of(answer));
    }
    Fields data = new Fields(answer).objectOrNull("data");
    if (data == null) {
      throw transport.failureMapper().unreadable(call, "no data");
    }
    try {
      Instant date = Pauses.date(response.headers());
      return reader.read(new Reply(data, date == null ? clock.get() : date, unanswered));
    } catch (UnreadableJson e) {
      throw transport.failureMapper().unreadable(call, String.valueOf(e.getMessage()));
    }
  }

  private Map<String, @Nullable Object> object(Call call, byte[] body) throws Setback {
    try {
      Map<String, @Nullable Object> answer = Json.object(body);
      if (answer.get("errors") instanceof List<?> errors
          && !errors.stream().allMatch(Map.class::isInstance)) {
        throw transport.failureMapper().unreadable(call, "errors that are no objects");
      }
      return answer;
    } catch (UnreadableJson e) {
      String start = new String(body, 0, Math.min(body.length, START), UTF_8);
      boolean page = start.stripLeading().startsWith("<");
      throw transport
          .failureMapper()
          .unreadable(call, page ? Words.of(start) : "no whole JSON object");
    }
  }

  /**
   * A question.
   *
   * @param document what is asked
   * @param variables its variables; those that are left out stay as they are
   * @param what is asked for, in words that follow "asked for"
   * @param channel how it is tried again
   */
  record Question(Document document, Map<String, Object> variables, String what, Channel channel) {
    /** A question that changes nothing. */
    static Question of(Document document, Map<String, Object> variables, String what) {
      return new Question(document, variables, what, Channel.GRAPHQL);
    }

    private Map<String, Object> body() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("query", document.text());
      body.put("operationName", document.operation());
      if (!variables.isEmpty()) {
        body.put("variables", variables);
      }
      return body;
    }
  }

  /**
   * An answer without errors.
   *
   * @param data of the answer
   * @param asOf the server's time of it
   * @param unanswered whether an earlier try of this call may have been processed
   */
  record Reply(Fields data, Instant asOf, boolean unanswered) {}

  /** Makes a value of an answer. */
  @FunctionalInterface
  interface Reader<T> {
    /** The value; an answer of another shape is tried for again. */
    T read(Reply reply) throws UnreadableJson;
  }
}
