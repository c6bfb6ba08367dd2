package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a shared answer, as it stands in its file.
 *
 * @param generation counts the answers, from 1
 * @param took how long the asking took
 * @param failed why the question was not answered, or not wholly; null if it was
 * @param content what is known
 */
record Answer<T>(long generation, Duration took, @Nullable Failed failed, T content) {
  static final int VERSION = 1;

  /**
   * A question that was not answered.
   *
   * @param why one sentence
   * @param retryAfter how long nobody asks again
   */
  record Failed(String why, Duration retryAfter) {
    private static final Duration USUAL = Duration.ofSeconds(30);

    static Failed of(WandbFailure failure) {
      return new Failed(String.valueOf(failure.getMessage()), failure.retryAfter().orElse(USUAL));
    }

    static Failed unexpectedly(RuntimeException e) {
      return new Failed("W&B could not be asked: " + Why.of(e), USUAL);
    }
  }

  /** What a question is about: how it is asked, and how its answer is written down. */
  interface Topic<T> {
    /**
     * Asks.
     *
     * @param known what was known before, or null
     * @param alive to be called now and then during a long asking
     */
    Reply<T> ask(@Nullable T known, Runnable alive);

    /** What is known while a question that was never answered has failed. */
    T nothing();

    Map<String, Object> encode(T content);

    T decode(Fields content) throws UnreadableJson;
  }

  /**
   * What came of asking.
   *
   * @param content what is known now
   * @param failed why that is not all, or null
   */
  record Reply<T>(T content, @Nullable Failed failed) {}

  /** As a file. */
  byte[] encode(Topic<T> topic) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("v", VERSION);
    members.put("generation", generation);
    members.put("took_ms", took.toMillis());
    if (failed != null) {
      members.put("failed", failed.why());
      members.put("retry_after_ms", failed.retryAfter().toMillis());
    }
    members.put("content", topic.encode(content));
    return Json.bytes(members);
  }

  /** From a file of this version. */
  static <T> Answer<T> decode(Fields in, Topic<T> topic) throws UnreadableJson {
    String why = in.textOrNull("failed");
    Failed failed =
        why == null ? null : new Failed(why, Duration.ofMillis(in.number("retry_after_ms")));
    return new Answer<>(
        in.number("generation"),
        Duration.ofMillis(in.number("took_ms")),
        failed,
        topic.decode(in.object("content")));
  }
}
