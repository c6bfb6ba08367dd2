package dev.sweeprunner.run;

import java.time.Instant;

/** Time, injected. Wall time is for display only; decisions use {@link #nanos}. */
public interface Clock {
  /** Wall time; may jump. */
  Instant now();

  /** Elapsed nanoseconds since an arbitrary origin; never goes back within one process. */
  long nanos();
}
