package dev.sweeprunner.run.scale;

/**
 * How much a scaler may submit, whatever happens.
 *
 * @param perLook most new tasks of one profile in one look, at least 1
 * @param unclaimedPerHour most tasks of one profile that are submitted within an hour without a
 *     claim by one of them, and most failed starts within an hour after which more are submitted;
 *     at least 1
 */
public record Rules(int perLook, int unclaimedPerHour) {
  /** What a careful site wants. */
  public static final Rules DEFAULT = new Rules(4, 16);
}
