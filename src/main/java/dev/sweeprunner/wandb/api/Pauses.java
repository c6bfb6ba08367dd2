package dev.sweeprunner.wandb.api;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** Times in headers and answers, read leniently: what cannot be read is as good as not there. */
final class Pauses {
  private static final Duration MOST = Duration.ofDays(7);

  private Pauses() {}

  /** The server's time of an answer. */
  static @Nullable Instant date(HttpHeaders headers) {
    return rfc1123(first(headers, "Date"));
  }

  /** {@code Retry-After}, in seconds or as a date of the server's clock. */
  static @Nullable Duration retryAfter(HttpHeaders headers, Instant now) {
    String value = first(headers, "Retry-After");
    Duration seconds = seconds(value);
    Instant until = seconds == null ? rfc1123(value) : null;
    if (until == null) {
      return seconds;
    }
    Instant served = date(headers);
    Duration left = Duration.between(served == null ? now : served, until);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** When the quota is full again, if the server says that it is used up. */
  static @Nullable Duration quota(HttpHeaders headers) {
    Duration remaining = seconds(first(headers, "RateLimit-Remaining"));
    boolean left = remaining != null && !remaining.isZero();
    return left ? null : seconds(first(headers, "RateLimit-Reset"));
  }

  /** A time of an answer, with or without a zone; without one it is UTC. */
  static @Nullable Instant instant(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text.strip().replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      return time instanceof OffsetDateTime zoned
          ? zoned.toInstant()
          : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable String first(HttpHeaders headers, String name) {
    return headers.firstValue(name).orElse(null);
  }

  private static @Nullable Instant rfc1123(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip()));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Duration seconds(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      double seconds = Double.parseDouble(text.strip());
      boolean good = seconds >= 0 && seconds <= MOST.toSeconds();
      return good ? Duration.ofMillis((long) Math.ceil(seconds * 1000)) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
