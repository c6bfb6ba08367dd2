package dev.sweeprunner.testkit.wandb;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request as the server saw it.
 *
 * @param number from 0
 * @param at the server's time
 * @param method of HTTP
 * @param path without the query
 * @param operation the GraphQL operation's name or, without one, its root fields; else empty
 * @param requestBytes as sent, compressed or not
 * @param status of the answer, or 0 if the connection was dropped
 * @param responseBytes of the answer's body
 * @param fault what was done to it, or null
 * @param caller the last four characters of the key, to tell callers apart
 * @param agent the User-Agent
 * @param body its text, of the newest requests only; else empty
 */
public record LoggedRequest(
    int number,
    Instant at,
    String method,
    String path,
    String operation,
    int requestBytes,
    int status,
    int responseBytes,
    @Nullable Fault fault,
    String caller,
    String agent,
    String body) {
  LoggedRequest withoutBody() {
    return new LoggedRequest(
        number,
        at,
        method,
        path,
        operation,
        requestBytes,
        status,
        responseBytes,
        fault,
        caller,
        agent,
        "");
  }
}
