package dev.sweeprunner.testkit.wandb;

import java.util.EnumSet;
import java.util.Set;

/** What can go wrong with a request. */
public enum Fault {
  /** Answers late. */
  LATENCY,
  /** 500 with a JSON error; nothing was done. */
  ERROR_500,
  /** 502 with a page of HTML; nothing was done. */
  BAD_GATEWAY,
  /** 429 without a word about when to come back. */
  LIMITED,
  /** 429 with Retry-After and RateLimit headers. */
  LIMITED_RETRY_AFTER,
  /** The connection ends before the request was looked at. */
  DROP_BEFORE,
  /** The request is done, but the connection ends before the answer. */
  DROP_AFTER,
  /** A list of runs comes with other runs than those asked for. */
  WRONG_PAGE,
  /** The request is done; half of the answer's text is missing. */
  TRUNCATED,
  /** The answer has bare NaN where none is expected. */
  NAN,
  /** 403; only on demand. */
  FORBIDDEN,
  /** 404; only on demand. */
  NOT_FOUND,
  /** 409; only on demand. */
  CONFLICT;

  /** Those that pass and may come at any time. */
  public static final Set<Fault> PASSING = EnumSet.range(LATENCY, NAN);
}
