package dev.sweeprunner.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How this worker gets on with telling W&amp;B.
 *
 * @param mode {@code online}, {@code offline} or {@code disabled}
 * @param sinceAnswer age of W&amp;B's newest good answer, or null while there was none
 * @param rows that have been made and have not arrived
 * @param away for how long W&amp;B has taken nothing, or null while it does
 * @param why it takes nothing, or null
 */
public record Delivery(
    String mode,
    @Nullable Duration sinceAnswer,
    long rows,
    @Nullable Duration away,
    @Nullable String why) {
  /** Where nothing has been said yet. */
  public static Delivery quiet(String mode) {
    return new Delivery(mode, null, 0, null, null);
  }
}
