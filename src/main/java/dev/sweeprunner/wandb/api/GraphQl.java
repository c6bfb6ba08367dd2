package dev.sweeprunner.wandb.api;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.api.Documents.Document;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.client.ClientGraphQlResponse;
import org.springframework.graphql.client.GraphQlClientException;
import org.springframework.web.client.RestClientException;

/** Asks GraphQL questions until they are answered. */
final class GraphQl {
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
    Map<String, @Nullable Object> answer = answer(call, question);
    if (Words.tellsOfError(answer)) {
      throw transport.failureMapper().complaint(call, Words.of(answer));
    }
    Fields data = new Fields(answer).objectOrNull("data");
    if (data == null) {
      throw transport.failureMapper().unreadable(call, "no data");
    }
    try {
      Instant date = call.answered();
      return reader.read(new Reply(data, date == null ? clock.get() : date, unanswered));
    } catch (UnreadableJson e) {
      throw transport.failureMapper().unreadable(call, String.valueOf(e.getMessage()));
    }
  }

  private Map<String, @Nullable Object> answer(Call call, Question question) throws Setback {
    try {
      ClientGraphQlResponse response =
          transport
              .graphQl()
              .document(question.document().text())
              .operationName(question.document().operation())
              .variables(question.variables())
              .attribute(Call.ATTRIBUTE, call)
              .executeSync();
      return response.toMap();
    } catch (GraphQlClientException
        | RestClientException
        | Rejected
        | ClassCastException
        | IllegalArgumentException e) {
      throw transport.setback(call, e);
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
