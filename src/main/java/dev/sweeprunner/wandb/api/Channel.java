package dev.sweeprunner.wandb.api;

import java.time.Duration;
import java.util.Set;

/** The kinds of requests, with what the official client tries again for each. */
enum Channel {
  GRAPHQL(21, Set.of(400, 401, 403, 404, 409, 410, 413, 422, 501)),
  UPSERT(21, Set.of(400, 401, 403, 404, 410, 413, 422, 501)),
  STREAM(10_086, Set.of(400, 401, 403, 404, 409, 410, 413, 422, 501)),
  UPLOAD(21, Set.of(408, 409, 501)),
  TOKEN(21, Set.of(400, 401, 403, 404, 409, 410, 413, 422, 501));

  private static final Duration STREAM_TIMEOUT = Duration.ofSeconds(180);
  private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(10);

  private final int tries;
  private final Set<Integer> refusals;

  Channel(int tries, Set<Integer> refusals) {
    this.tries = tries;
    this.refusals = refusals;
  }

  int tries() {
    return tries;
  }

  /** Whether an answer with this status may be another one later. */
  boolean triesAgain(int status) {
    boolean passing = status == 408 || status == 409 || status == 429 || status >= 500;
    return passing && !refusals.contains(status);
  }

  /** How long one request may take, {@code graphQl} being what the account says. */
  Duration timeout(Duration graphQl) {
    return switch (this) {
      case STREAM -> STREAM_TIMEOUT;
      case UPLOAD -> UPLOAD_TIMEOUT;
      default -> graphQl;
    };
  }

  /** Whether requests go to the storage that the server names, not to the server. */
  boolean leavesTheServer() {
    return this == UPLOAD;
  }

  /** Whether requests carry whom a service account stands for. */
  boolean namesTheUser() {
    return this == GRAPHQL || this == UPSERT;
  }
}
