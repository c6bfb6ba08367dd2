package dev.sweeprunner.wandb.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question that W&amp;B did not answer as it should. The message is one sentence for the user.
 */
public final class WandbFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final transient @Nullable Duration retryAfter;

  /** A failure; {@code retryAfter} is what the server asked for, or null. */
  public WandbFailure(
      Kind kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** How long the server asks to be left alone. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Kinds of failures. */
  public enum Kind {
    /** Nobody answered, or only with errors that may pass: worth trying again later. */
    UNREACHABLE,
    /** It answers, but wants fewer requests. */
    LIMITED,
    /** The key is wrong or missing (401). */
    UNAUTHORISED,
    /** The key may not do this (403). */
    FORBIDDEN,
    /** The entity, project or run does not exist (404). */
    NOT_FOUND,
    /** It says no, for good (other 4xx), or TLS or the proxy refuses. */
    REFUSED,
    /** The answer cannot be understood. */
    UNREADABLE
  }
}
